/* Written by scripts/assets: the files of the page. */
#include "CWebAssets.h"

static const unsigned char file_0[] = {
#embed "Assets/index.html"
};

static const unsigned char file_1[] = {
#embed "Assets/mark.svg"
};

#if __has_embed("Assets/vendor/marked.esm.js")
static const unsigned char file_2[] = {
#embed "Assets/vendor/marked.esm.js"
};
#endif

#if __has_embed("Assets/vendor/katex.mjs")
static const unsigned char file_3[] = {
#embed "Assets/vendor/katex.mjs"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-core.min.js")
static const unsigned char file_4[] = {
#embed "Assets/vendor/prism/prism-core.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-markup.min.js")
static const unsigned char file_5[] = {
#embed "Assets/vendor/prism/prism-markup.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-css.min.js")
static const unsigned char file_6[] = {
#embed "Assets/vendor/prism/prism-css.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-clike.min.js")
static const unsigned char file_7[] = {
#embed "Assets/vendor/prism/prism-clike.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-javascript.min.js")
static const unsigned char file_8[] = {
#embed "Assets/vendor/prism/prism-javascript.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-typescript.min.js")
static const unsigned char file_9[] = {
#embed "Assets/vendor/prism/prism-typescript.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-jsx.min.js")
static const unsigned char file_10[] = {
#embed "Assets/vendor/prism/prism-jsx.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-tsx.min.js")
static const unsigned char file_11[] = {
#embed "Assets/vendor/prism/prism-tsx.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-json.min.js")
static const unsigned char file_12[] = {
#embed "Assets/vendor/prism/prism-json.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-yaml.min.js")
static const unsigned char file_13[] = {
#embed "Assets/vendor/prism/prism-yaml.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-toml.min.js")
static const unsigned char file_14[] = {
#embed "Assets/vendor/prism/prism-toml.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-bash.min.js")
static const unsigned char file_15[] = {
#embed "Assets/vendor/prism/prism-bash.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-python.min.js")
static const unsigned char file_16[] = {
#embed "Assets/vendor/prism/prism-python.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-ruby.min.js")
static const unsigned char file_17[] = {
#embed "Assets/vendor/prism/prism-ruby.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-go.min.js")
static const unsigned char file_18[] = {
#embed "Assets/vendor/prism/prism-go.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-rust.min.js")
static const unsigned char file_19[] = {
#embed "Assets/vendor/prism/prism-rust.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-swift.min.js")
static const unsigned char file_20[] = {
#embed "Assets/vendor/prism/prism-swift.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-java.min.js")
static const unsigned char file_21[] = {
#embed "Assets/vendor/prism/prism-java.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-kotlin.min.js")
static const unsigned char file_22[] = {
#embed "Assets/vendor/prism/prism-kotlin.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-c.min.js")
static const unsigned char file_23[] = {
#embed "Assets/vendor/prism/prism-c.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-cpp.min.js")
static const unsigned char file_24[] = {
#embed "Assets/vendor/prism/prism-cpp.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-csharp.min.js")
static const unsigned char file_25[] = {
#embed "Assets/vendor/prism/prism-csharp.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-php.min.js")
static const unsigned char file_26[] = {
#embed "Assets/vendor/prism/prism-php.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-sql.min.js")
static const unsigned char file_27[] = {
#embed "Assets/vendor/prism/prism-sql.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-markdown.min.js")
static const unsigned char file_28[] = {
#embed "Assets/vendor/prism/prism-markdown.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-diff.min.js")
static const unsigned char file_29[] = {
#embed "Assets/vendor/prism/prism-diff.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-docker.min.js")
static const unsigned char file_30[] = {
#embed "Assets/vendor/prism/prism-docker.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-lua.min.js")
static const unsigned char file_31[] = {
#embed "Assets/vendor/prism/prism-lua.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-r.min.js")
static const unsigned char file_32[] = {
#embed "Assets/vendor/prism/prism-r.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-scala.min.js")
static const unsigned char file_33[] = {
#embed "Assets/vendor/prism/prism-scala.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-haskell.min.js")
static const unsigned char file_34[] = {
#embed "Assets/vendor/prism/prism-haskell.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-perl.min.js")
static const unsigned char file_35[] = {
#embed "Assets/vendor/prism/prism-perl.min.js"
};
#endif

static const plenum_web_asset assets[] = {
    {"/index.html", file_0, sizeof file_0},
    {"/mark.svg", file_1, sizeof file_1},
#if __has_embed("Assets/vendor/marked.esm.js")
    {"/vendor/marked.esm.js", file_2, sizeof file_2},
#endif
#if __has_embed("Assets/vendor/katex.mjs")
    {"/vendor/katex.mjs", file_3, sizeof file_3},
#endif
#if __has_embed("Assets/vendor/prism/prism-core.min.js")
    {"/vendor/prism/prism-core.min.js", file_4, sizeof file_4},
#endif
#if __has_embed("Assets/vendor/prism/prism-markup.min.js")
    {"/vendor/prism/prism-markup.min.js", file_5, sizeof file_5},
#endif
#if __has_embed("Assets/vendor/prism/prism-css.min.js")
    {"/vendor/prism/prism-css.min.js", file_6, sizeof file_6},
#endif
#if __has_embed("Assets/vendor/prism/prism-clike.min.js")
    {"/vendor/prism/prism-clike.min.js", file_7, sizeof file_7},
#endif
#if __has_embed("Assets/vendor/prism/prism-javascript.min.js")
    {"/vendor/prism/prism-javascript.min.js", file_8, sizeof file_8},
#endif
#if __has_embed("Assets/vendor/prism/prism-typescript.min.js")
    {"/vendor/prism/prism-typescript.min.js", file_9, sizeof file_9},
#endif
#if __has_embed("Assets/vendor/prism/prism-jsx.min.js")
    {"/vendor/prism/prism-jsx.min.js", file_10, sizeof file_10},
#endif
#if __has_embed("Assets/vendor/prism/prism-tsx.min.js")
    {"/vendor/prism/prism-tsx.min.js", file_11, sizeof file_11},
#endif
#if __has_embed("Assets/vendor/prism/prism-json.min.js")
    {"/vendor/prism/prism-json.min.js", file_12, sizeof file_12},
#endif
#if __has_embed("Assets/vendor/prism/prism-yaml.min.js")
    {"/vendor/prism/prism-yaml.min.js", file_13, sizeof file_13},
#endif
#if __has_embed("Assets/vendor/prism/prism-toml.min.js")
    {"/vendor/prism/prism-toml.min.js", file_14, sizeof file_14},
#endif
#if __has_embed("Assets/vendor/prism/prism-bash.min.js")
    {"/vendor/prism/prism-bash.min.js", file_15, sizeof file_15},
#endif
#if __has_embed("Assets/vendor/prism/prism-python.min.js")
    {"/vendor/prism/prism-python.min.js", file_16, sizeof file_16},
#endif
#if __has_embed("Assets/vendor/prism/prism-ruby.min.js")
    {"/vendor/prism/prism-ruby.min.js", file_17, sizeof file_17},
#endif
#if __has_embed("Assets/vendor/prism/prism-go.min.js")
    {"/vendor/prism/prism-go.min.js", file_18, sizeof file_18},
#endif
#if __has_embed("Assets/vendor/prism/prism-rust.min.js")
    {"/vendor/prism/prism-rust.min.js", file_19, sizeof file_19},
#endif
#if __has_embed("Assets/vendor/prism/prism-swift.min.js")
    {"/vendor/prism/prism-swift.min.js", file_20, sizeof file_20},
#endif
#if __has_embed("Assets/vendor/prism/prism-java.min.js")
    {"/vendor/prism/prism-java.min.js", file_21, sizeof file_21},
#endif
#if __has_embed("Assets/vendor/prism/prism-kotlin.min.js")
    {"/vendor/prism/prism-kotlin.min.js", file_22, sizeof file_22},
#endif
#if __has_embed("Assets/vendor/prism/prism-c.min.js")
    {"/vendor/prism/prism-c.min.js", file_23, sizeof file_23},
#endif
#if __has_embed("Assets/vendor/prism/prism-cpp.min.js")
    {"/vendor/prism/prism-cpp.min.js", file_24, sizeof file_24},
#endif
#if __has_embed("Assets/vendor/prism/prism-csharp.min.js")
    {"/vendor/prism/prism-csharp.min.js", file_25, sizeof file_25},
#endif
#if __has_embed("Assets/vendor/prism/prism-php.min.js")
    {"/vendor/prism/prism-php.min.js", file_26, sizeof file_26},
#endif
#if __has_embed("Assets/vendor/prism/prism-sql.min.js")
    {"/vendor/prism/prism-sql.min.js", file_27, sizeof file_27},
#endif
#if __has_embed("Assets/vendor/prism/prism-markdown.min.js")
    {"/vendor/prism/prism-markdown.min.js", file_28, sizeof file_28},
#endif
#if __has_embed("Assets/vendor/prism/prism-diff.min.js")
    {"/vendor/prism/prism-diff.min.js", file_29, sizeof file_29},
#endif
#if __has_embed("Assets/vendor/prism/prism-docker.min.js")
    {"/vendor/prism/prism-docker.min.js", file_30, sizeof file_30},
#endif
#if __has_embed("Assets/vendor/prism/prism-lua.min.js")
    {"/vendor/prism/prism-lua.min.js", file_31, sizeof file_31},
#endif
#if __has_embed("Assets/vendor/prism/prism-r.min.js")
    {"/vendor/prism/prism-r.min.js", file_32, sizeof file_32},
#endif
#if __has_embed("Assets/vendor/prism/prism-scala.min.js")
    {"/vendor/prism/prism-scala.min.js", file_33, sizeof file_33},
#endif
#if __has_embed("Assets/vendor/prism/prism-haskell.min.js")
    {"/vendor/prism/prism-haskell.min.js", file_34, sizeof file_34},
#endif
#if __has_embed("Assets/vendor/prism/prism-perl.min.js")
    {"/vendor/prism/prism-perl.min.js", file_35, sizeof file_35},
#endif
};

size_t plenum_web_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const plenum_web_asset *plenum_web_asset_at(size_t index) { return &assets[index]; }
