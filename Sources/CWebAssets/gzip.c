#include "CWebAssets.h"
#include <string.h>
#include <zlib.h>

size_t plenum_gzip(const unsigned char *bytes, size_t count, unsigned char *into, size_t capacity) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    /* 15 bits of window; 16 more ask for gzip's frame. */
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (unsigned char *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = into;
    stream.avail_out = (uInt)capacity;
    int result = deflate(&stream, Z_FINISH);
    size_t written = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? written : 0;
}
