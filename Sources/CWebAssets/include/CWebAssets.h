#pragma once
#include <stddef.h>

/* The page's files, embedded by the compiler. */
typedef struct {
    const char *path;
    const char *media_type;
    const unsigned char *bytes;
    size_t count;
} plenum_web_asset;

/* The number of files, and each by its index. */
size_t plenum_web_asset_count(void);
const plenum_web_asset *plenum_web_asset_at(size_t index);
