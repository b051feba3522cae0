#pragma once
#include <stddef.h>

/* The page's files, embedded by the compiler. */
typedef struct {
    const char *path;
    const char *media_type;
    const unsigned char *bytes;
    size_t count;
} plenum_web_asset;

extern const plenum_web_asset plenum_web_assets[];
extern const size_t plenum_web_asset_count;
