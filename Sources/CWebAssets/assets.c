#include "CWebAssets.h"

static const unsigned char index_html[] = {
#embed "Assets/index.html"
};

const plenum_web_asset plenum_web_assets[] = {
    {"/", "text/html; charset=utf-8", index_html, sizeof index_html},
};
const size_t plenum_web_asset_count = sizeof plenum_web_assets / sizeof plenum_web_assets[0];
