#include "CTaskHook.h"

// Swift hands over its two arguments as C does on every 64-bit system that Plenum runs on.
void plenum_send_tasks_to(void (*hook)(void *job, void *runtimes_own_way)) {
    __atomic_store_n(&swift_task_enqueueGlobal_hook, (void *)hook, __ATOMIC_RELEASE);
}
