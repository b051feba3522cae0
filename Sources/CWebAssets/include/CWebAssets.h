#pragma once
#include <stddef.h>

/* A file of the page, embedded by the compiler. */
typedef struct {
    const char *path;
    const unsigned char *bytes;
    size_t count;
} plenum_web_asset;

/* The number of files, and each by its index. */
size_t plenum_web_asset_count(void);
const plenum_web_asset *plenum_web_asset_at(size_t index);

/* Compresses by gzip. Gives the number of bytes written; 0 if they would not fit. */
size_t plenum_gzip(const unsigned char *bytes, size_t count, unsigned char *into, size_t capacity);
