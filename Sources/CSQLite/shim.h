#include <sqlite3.h>

/// Keeps a connection from checkpointing when it is the last to close: checkpoints are the writer's alone.
/// (`sqlite3_db_config` is variadic, which Swift cannot call.)
static inline int plenum_sqlite3_never_checkpoint_on_close(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}

/// Forbids SQL that could damage the file, such as writing to the schema table.
static inline int plenum_sqlite3_be_defensive(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
}
