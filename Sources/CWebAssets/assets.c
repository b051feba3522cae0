#include "CWebAssets.h"

static const unsigned char index_html[] = {
#embed "Assets/index.html"
};

static const plenum_web_asset assets[] = {
    {"/", "text/html; charset=utf-8", index_html, sizeof index_html},
};

size_t plenum_web_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const plenum_web_asset *plenum_web_asset_at(size_t index) { return &assets[index]; }
