/* Written by scripts/assets: the files of the page. */
#include "CWebAssets.h"

static const unsigned char file_0[] = {
#embed "Assets/css/base.css"
};

static const unsigned char file_1[] = {
#embed "Assets/css/chat.css"
};

static const unsigned char file_2[] = {
#embed "Assets/css/compare.css"
};

static const unsigned char file_3[] = {
#embed "Assets/css/debate.css"
};

static const unsigned char file_4[] = {
#embed "Assets/css/drawer.css"
};

static const unsigned char file_5[] = {
#embed "Assets/css/markdown.css"
};

static const unsigned char file_6[] = {
#embed "Assets/css/reports.css"
};

static const unsigned char file_7[] = {
#embed "Assets/css/tokens.css"
};

static const unsigned char file_8[] = {
#embed "Assets/index.html"
};

static const unsigned char file_9[] = {
#embed "Assets/js/core/announce.js"
};

static const unsigned char file_10[] = {
#embed "Assets/js/core/api.js"
};

static const unsigned char file_11[] = {
#embed "Assets/js/core/dom.js"
};

static const unsigned char file_12[] = {
#embed "Assets/js/core/format.js"
};

static const unsigned char file_13[] = {
#embed "Assets/js/core/keys.js"
};

static const unsigned char file_14[] = {
#embed "Assets/js/core/remember.js"
};

static const unsigned char file_15[] = {
#embed "Assets/js/core/router.js"
};

static const unsigned char file_16[] = {
#embed "Assets/js/core/run-feed.js"
};

static const unsigned char file_17[] = {
#embed "Assets/js/core/sse.js"
};

static const unsigned char file_18[] = {
#embed "Assets/js/core/store.js"
};

static const unsigned char file_19[] = {
#embed "Assets/js/core/theme.js"
};

static const unsigned char file_20[] = {
#embed "Assets/js/main.js"
};

static const unsigned char file_21[] = {
#embed "Assets/js/md/actions.js"
};

static const unsigned char file_22[] = {
#embed "Assets/js/md/autolink.js"
};

static const unsigned char file_23[] = {
#embed "Assets/js/md/block-rules.js"
};

static const unsigned char file_24[] = {
#embed "Assets/js/md/block-starts.js"
};

static const unsigned char file_25[] = {
#embed "Assets/js/md/blocks.js"
};

static const unsigned char file_26[] = {
#embed "Assets/js/md/code.js"
};

static const unsigned char file_27[] = {
#embed "Assets/js/md/dom-inline.js"
};

static const unsigned char file_28[] = {
#embed "Assets/js/md/elements.js"
};

static const unsigned char file_29[] = {
#embed "Assets/js/md/emphasis.js"
};

static const unsigned char file_30[] = {
#embed "Assets/js/md/entities.js"
};

static const unsigned char file_31[] = {
#embed "Assets/js/md/formula-scan.js"
};

static const unsigned char file_32[] = {
#embed "Assets/js/md/highlight.js"
};

static const unsigned char file_33[] = {
#embed "Assets/js/md/html-blocks.js"
};

static const unsigned char file_34[] = {
#embed "Assets/js/md/inline-node.js"
};

static const unsigned char file_35[] = {
#embed "Assets/js/md/inlines.js"
};

static const unsigned char file_36[] = {
#embed "Assets/js/md/line.js"
};

static const unsigned char file_37[] = {
#embed "Assets/js/md/links.js"
};

static const unsigned char file_38[] = {
#embed "Assets/js/md/markdown.js"
};

static const unsigned char file_39[] = {
#embed "Assets/js/md/math.js"
};

static const unsigned char file_40[] = {
#embed "Assets/js/md/plain.js"
};

static const unsigned char file_41[] = {
#embed "Assets/js/md/rest.js"
};

static const unsigned char file_42[] = {
#embed "Assets/js/md/rows.js"
};

static const unsigned char file_43[] = {
#embed "Assets/js/md/table.js"
};

static const unsigned char file_44[] = {
#embed "Assets/js/md/tail.js"
};

static const unsigned char file_45[] = {
#embed "Assets/js/md/vendor.js"
};

static const unsigned char file_46[] = {
#embed "Assets/js/md/writer.js"
};

static const unsigned char file_47[] = {
#embed "Assets/js/parts/answer-footer.js"
};

static const unsigned char file_48[] = {
#embed "Assets/js/parts/clipboard.js"
};

static const unsigned char file_49[] = {
#embed "Assets/js/parts/dialog.js"
};

static const unsigned char file_50[] = {
#embed "Assets/js/parts/download.js"
};

static const unsigned char file_51[] = {
#embed "Assets/js/parts/error-card.js"
};

static const unsigned char file_52[] = {
#embed "Assets/js/parts/menu.js"
};

static const unsigned char file_53[] = {
#embed "Assets/js/parts/model-mark.js"
};

static const unsigned char file_54[] = {
#embed "Assets/js/parts/run-block.js"
};

static const unsigned char file_55[] = {
#embed "Assets/js/views/compare/column-scroll.js"
};

static const unsigned char file_56[] = {
#embed "Assets/js/views/compare/compare-bar.js"
};

static const unsigned char file_57[] = {
#embed "Assets/js/views/compare/compare-block.js"
};

static const unsigned char file_58[] = {
#embed "Assets/js/views/compare/fuse-dialog.js"
};

static const unsigned char file_59[] = {
#embed "Assets/js/views/compare/point-list.js"
};

static const unsigned char file_60[] = {
#embed "Assets/js/views/compare/seat-actions.js"
};

static const unsigned char file_61[] = {
#embed "Assets/js/views/compare/seat-card.js"
};

static const unsigned char file_62[] = {
#embed "Assets/js/views/compare/seat-layout.js"
};

static const unsigned char file_63[] = {
#embed "Assets/js/views/compare/seat-state.js"
};

static const unsigned char file_64[] = {
#embed "Assets/js/views/compare/seat-tabs.js"
};

static const unsigned char file_65[] = {
#embed "Assets/js/views/compare/synthesis-card.js"
};

static const unsigned char file_66[] = {
#embed "Assets/js/views/compare/thought.js"
};

static const unsigned char file_67[] = {
#embed "Assets/js/views/compare/vote-bar.js"
};

static const unsigned char file_68[] = {
#embed "Assets/js/views/composer/attachments.js"
};

static const unsigned char file_69[] = {
#embed "Assets/js/views/composer/composer.js"
};

static const unsigned char file_70[] = {
#embed "Assets/js/views/composer/estimate.js"
};

static const unsigned char file_71[] = {
#embed "Assets/js/views/composer/panel.js"
};

static const unsigned char file_72[] = {
#embed "Assets/js/views/composer/settings-dialog.js"
};

static const unsigned char file_73[] = {
#embed "Assets/js/views/composer/settings.js"
};

static const unsigned char file_74[] = {
#embed "Assets/js/views/debate/answers-grid.js"
};

static const unsigned char file_75[] = {
#embed "Assets/js/views/debate/commands.js"
};

static const unsigned char file_76[] = {
#embed "Assets/js/views/debate/council-body.js"
};

static const unsigned char file_77[] = {
#embed "Assets/js/views/debate/debate-block.js"
};

static const unsigned char file_78[] = {
#embed "Assets/js/views/debate/debate-header.js"
};

static const unsigned char file_79[] = {
#embed "Assets/js/views/debate/debate-setup.js"
};

static const unsigned char file_80[] = {
#embed "Assets/js/views/debate/export-markdown.js"
};

static const unsigned char file_81[] = {
#embed "Assets/js/views/debate/facts.js"
};

static const unsigned char file_82[] = {
#embed "Assets/js/views/debate/fields.js"
};

static const unsigned char file_83[] = {
#embed "Assets/js/views/debate/fusion-body.js"
};

static const unsigned char file_84[] = {
#embed "Assets/js/views/debate/grid-body.js"
};

static const unsigned char file_85[] = {
#embed "Assets/js/views/debate/outcome.js"
};

static const unsigned char file_86[] = {
#embed "Assets/js/views/debate/protocols.js"
};

static const unsigned char file_87[] = {
#embed "Assets/js/views/debate/setup-choices.js"
};

static const unsigned char file_88[] = {
#embed "Assets/js/views/debate/thread-body.js"
};

static const unsigned char file_89[] = {
#embed "Assets/js/views/debate/turn-text.js"
};

static const unsigned char file_90[] = {
#embed "Assets/js/views/debate/turn-view.js"
};

static const unsigned char file_91[] = {
#embed "Assets/js/views/debate/verdict-card.js"
};

static const unsigned char file_92[] = {
#embed "Assets/js/views/debate/words.js"
};

static const unsigned char file_93[] = {
#embed "Assets/js/views/drawer/actions.js"
};

static const unsigned char file_94[] = {
#embed "Assets/js/views/drawer/connection.js"
};

static const unsigned char file_95[] = {
#embed "Assets/js/views/drawer/conversation-list.js"
};

static const unsigned char file_96[] = {
#embed "Assets/js/views/drawer/date-groups.js"
};

static const unsigned char file_97[] = {
#embed "Assets/js/views/drawer/deletion.js"
};

static const unsigned char file_98[] = {
#embed "Assets/js/views/drawer/drawer.js"
};

static const unsigned char file_99[] = {
#embed "Assets/js/views/drawer/foot.js"
};

static const unsigned char file_100[] = {
#embed "Assets/js/views/drawer/frame.js"
};

static const unsigned char file_101[] = {
#embed "Assets/js/views/drawer/list-view.js"
};

static const unsigned char file_102[] = {
#embed "Assets/js/views/drawer/row.js"
};

static const unsigned char file_103[] = {
#embed "Assets/js/views/drawer/running.js"
};

static const unsigned char file_104[] = {
#embed "Assets/js/views/drawer/search.js"
};

static const unsigned char file_105[] = {
#embed "Assets/js/views/drawer/seen.js"
};

static const unsigned char file_106[] = {
#embed "Assets/js/views/drawer/window.js"
};

static const unsigned char file_107[] = {
#embed "Assets/js/views/palette/commands.js"
};

static const unsigned char file_108[] = {
#embed "Assets/js/views/palette/palette.js"
};

static const unsigned char file_109[] = {
#embed "Assets/js/views/palette/shortcuts.js"
};

static const unsigned char file_110[] = {
#embed "Assets/js/views/palette/sources.js"
};

static const unsigned char file_111[] = {
#embed "Assets/js/views/picker/model-picker.js"
};

static const unsigned char file_112[] = {
#embed "Assets/js/views/reports/charts.js"
};

static const unsigned char file_113[] = {
#embed "Assets/js/views/reports/preferences-view.js"
};

static const unsigned char file_114[] = {
#embed "Assets/js/views/reports/segments.js"
};

static const unsigned char file_115[] = {
#embed "Assets/js/views/reports/skip-link.js"
};

static const unsigned char file_116[] = {
#embed "Assets/js/views/reports/sortable-table.js"
};

static const unsigned char file_117[] = {
#embed "Assets/js/views/reports/usage-data.js"
};

static const unsigned char file_118[] = {
#embed "Assets/js/views/reports/usage-view.js"
};

static const unsigned char file_119[] = {
#embed "Assets/js/views/setup/key-dialog.js"
};

static const unsigned char file_120[] = {
#embed "Assets/js/views/setup/portability-dialog.js"
};

static const unsigned char file_121[] = {
#embed "Assets/js/views/setup/setup-note.js"
};

static const unsigned char file_122[] = {
#embed "Assets/js/views/setup/unzip.js"
};

static const unsigned char file_123[] = {
#embed "Assets/js/views/thread/chat-answer.js"
};

static const unsigned char file_124[] = {
#embed "Assets/js/views/thread/conversation-view.js"
};

static const unsigned char file_125[] = {
#embed "Assets/js/views/thread/exchange.js"
};

static const unsigned char file_126[] = {
#embed "Assets/js/views/thread/new-chat.js"
};

static const unsigned char file_127[] = {
#embed "Assets/js/views/thread/thread-scroll.js"
};

static const unsigned char file_128[] = {
#embed "Assets/js/views/thread/tree.js"
};

static const unsigned char file_129[] = {
#embed "Assets/js/views/thread/user-message.js"
};

static const unsigned char file_130[] = {
#embed "Assets/mark.svg"
};

static const unsigned char file_131[] = {
#embed "Assets/openapi.json"
};

#if __has_embed("Assets/vendor/katex.mjs")
static const unsigned char file_132[] = {
#embed "Assets/vendor/katex.mjs"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-core.min.js")
static const unsigned char file_133[] = {
#embed "Assets/vendor/prism/prism-core.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-markup.min.js")
static const unsigned char file_134[] = {
#embed "Assets/vendor/prism/prism-markup.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-css.min.js")
static const unsigned char file_135[] = {
#embed "Assets/vendor/prism/prism-css.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-clike.min.js")
static const unsigned char file_136[] = {
#embed "Assets/vendor/prism/prism-clike.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-javascript.min.js")
static const unsigned char file_137[] = {
#embed "Assets/vendor/prism/prism-javascript.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-typescript.min.js")
static const unsigned char file_138[] = {
#embed "Assets/vendor/prism/prism-typescript.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-jsx.min.js")
static const unsigned char file_139[] = {
#embed "Assets/vendor/prism/prism-jsx.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-tsx.min.js")
static const unsigned char file_140[] = {
#embed "Assets/vendor/prism/prism-tsx.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-json.min.js")
static const unsigned char file_141[] = {
#embed "Assets/vendor/prism/prism-json.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-yaml.min.js")
static const unsigned char file_142[] = {
#embed "Assets/vendor/prism/prism-yaml.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-toml.min.js")
static const unsigned char file_143[] = {
#embed "Assets/vendor/prism/prism-toml.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-bash.min.js")
static const unsigned char file_144[] = {
#embed "Assets/vendor/prism/prism-bash.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-python.min.js")
static const unsigned char file_145[] = {
#embed "Assets/vendor/prism/prism-python.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-ruby.min.js")
static const unsigned char file_146[] = {
#embed "Assets/vendor/prism/prism-ruby.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-go.min.js")
static const unsigned char file_147[] = {
#embed "Assets/vendor/prism/prism-go.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-rust.min.js")
static const unsigned char file_148[] = {
#embed "Assets/vendor/prism/prism-rust.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-swift.min.js")
static const unsigned char file_149[] = {
#embed "Assets/vendor/prism/prism-swift.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-java.min.js")
static const unsigned char file_150[] = {
#embed "Assets/vendor/prism/prism-java.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-kotlin.min.js")
static const unsigned char file_151[] = {
#embed "Assets/vendor/prism/prism-kotlin.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-c.min.js")
static const unsigned char file_152[] = {
#embed "Assets/vendor/prism/prism-c.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-cpp.min.js")
static const unsigned char file_153[] = {
#embed "Assets/vendor/prism/prism-cpp.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-csharp.min.js")
static const unsigned char file_154[] = {
#embed "Assets/vendor/prism/prism-csharp.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-php.min.js")
static const unsigned char file_155[] = {
#embed "Assets/vendor/prism/prism-php.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-sql.min.js")
static const unsigned char file_156[] = {
#embed "Assets/vendor/prism/prism-sql.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-markdown.min.js")
static const unsigned char file_157[] = {
#embed "Assets/vendor/prism/prism-markdown.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-diff.min.js")
static const unsigned char file_158[] = {
#embed "Assets/vendor/prism/prism-diff.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-docker.min.js")
static const unsigned char file_159[] = {
#embed "Assets/vendor/prism/prism-docker.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-lua.min.js")
static const unsigned char file_160[] = {
#embed "Assets/vendor/prism/prism-lua.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-r.min.js")
static const unsigned char file_161[] = {
#embed "Assets/vendor/prism/prism-r.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-scala.min.js")
static const unsigned char file_162[] = {
#embed "Assets/vendor/prism/prism-scala.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-haskell.min.js")
static const unsigned char file_163[] = {
#embed "Assets/vendor/prism/prism-haskell.min.js"
};
#endif

#if __has_embed("Assets/vendor/prism/prism-perl.min.js")
static const unsigned char file_164[] = {
#embed "Assets/vendor/prism/prism-perl.min.js"
};
#endif

static const plenum_web_asset assets[] = {
    {"/css/base.css", file_0, sizeof file_0},
    {"/css/chat.css", file_1, sizeof file_1},
    {"/css/compare.css", file_2, sizeof file_2},
    {"/css/debate.css", file_3, sizeof file_3},
    {"/css/drawer.css", file_4, sizeof file_4},
    {"/css/markdown.css", file_5, sizeof file_5},
    {"/css/reports.css", file_6, sizeof file_6},
    {"/css/tokens.css", file_7, sizeof file_7},
    {"/index.html", file_8, sizeof file_8},
    {"/js/core/announce.js", file_9, sizeof file_9},
    {"/js/core/api.js", file_10, sizeof file_10},
    {"/js/core/dom.js", file_11, sizeof file_11},
    {"/js/core/format.js", file_12, sizeof file_12},
    {"/js/core/keys.js", file_13, sizeof file_13},
    {"/js/core/remember.js", file_14, sizeof file_14},
    {"/js/core/router.js", file_15, sizeof file_15},
    {"/js/core/run-feed.js", file_16, sizeof file_16},
    {"/js/core/sse.js", file_17, sizeof file_17},
    {"/js/core/store.js", file_18, sizeof file_18},
    {"/js/core/theme.js", file_19, sizeof file_19},
    {"/js/main.js", file_20, sizeof file_20},
    {"/js/md/actions.js", file_21, sizeof file_21},
    {"/js/md/autolink.js", file_22, sizeof file_22},
    {"/js/md/block-rules.js", file_23, sizeof file_23},
    {"/js/md/block-starts.js", file_24, sizeof file_24},
    {"/js/md/blocks.js", file_25, sizeof file_25},
    {"/js/md/code.js", file_26, sizeof file_26},
    {"/js/md/dom-inline.js", file_27, sizeof file_27},
    {"/js/md/elements.js", file_28, sizeof file_28},
    {"/js/md/emphasis.js", file_29, sizeof file_29},
    {"/js/md/entities.js", file_30, sizeof file_30},
    {"/js/md/formula-scan.js", file_31, sizeof file_31},
    {"/js/md/highlight.js", file_32, sizeof file_32},
    {"/js/md/html-blocks.js", file_33, sizeof file_33},
    {"/js/md/inline-node.js", file_34, sizeof file_34},
    {"/js/md/inlines.js", file_35, sizeof file_35},
    {"/js/md/line.js", file_36, sizeof file_36},
    {"/js/md/links.js", file_37, sizeof file_37},
    {"/js/md/markdown.js", file_38, sizeof file_38},
    {"/js/md/math.js", file_39, sizeof file_39},
    {"/js/md/plain.js", file_40, sizeof file_40},
    {"/js/md/rest.js", file_41, sizeof file_41},
    {"/js/md/rows.js", file_42, sizeof file_42},
    {"/js/md/table.js", file_43, sizeof file_43},
    {"/js/md/tail.js", file_44, sizeof file_44},
    {"/js/md/vendor.js", file_45, sizeof file_45},
    {"/js/md/writer.js", file_46, sizeof file_46},
    {"/js/parts/answer-footer.js", file_47, sizeof file_47},
    {"/js/parts/clipboard.js", file_48, sizeof file_48},
    {"/js/parts/dialog.js", file_49, sizeof file_49},
    {"/js/parts/download.js", file_50, sizeof file_50},
    {"/js/parts/error-card.js", file_51, sizeof file_51},
    {"/js/parts/menu.js", file_52, sizeof file_52},
    {"/js/parts/model-mark.js", file_53, sizeof file_53},
    {"/js/parts/run-block.js", file_54, sizeof file_54},
    {"/js/views/compare/column-scroll.js", file_55, sizeof file_55},
    {"/js/views/compare/compare-bar.js", file_56, sizeof file_56},
    {"/js/views/compare/compare-block.js", file_57, sizeof file_57},
    {"/js/views/compare/fuse-dialog.js", file_58, sizeof file_58},
    {"/js/views/compare/point-list.js", file_59, sizeof file_59},
    {"/js/views/compare/seat-actions.js", file_60, sizeof file_60},
    {"/js/views/compare/seat-card.js", file_61, sizeof file_61},
    {"/js/views/compare/seat-layout.js", file_62, sizeof file_62},
    {"/js/views/compare/seat-state.js", file_63, sizeof file_63},
    {"/js/views/compare/seat-tabs.js", file_64, sizeof file_64},
    {"/js/views/compare/synthesis-card.js", file_65, sizeof file_65},
    {"/js/views/compare/thought.js", file_66, sizeof file_66},
    {"/js/views/compare/vote-bar.js", file_67, sizeof file_67},
    {"/js/views/composer/attachments.js", file_68, sizeof file_68},
    {"/js/views/composer/composer.js", file_69, sizeof file_69},
    {"/js/views/composer/estimate.js", file_70, sizeof file_70},
    {"/js/views/composer/panel.js", file_71, sizeof file_71},
    {"/js/views/composer/settings-dialog.js", file_72, sizeof file_72},
    {"/js/views/composer/settings.js", file_73, sizeof file_73},
    {"/js/views/debate/answers-grid.js", file_74, sizeof file_74},
    {"/js/views/debate/commands.js", file_75, sizeof file_75},
    {"/js/views/debate/council-body.js", file_76, sizeof file_76},
    {"/js/views/debate/debate-block.js", file_77, sizeof file_77},
    {"/js/views/debate/debate-header.js", file_78, sizeof file_78},
    {"/js/views/debate/debate-setup.js", file_79, sizeof file_79},
    {"/js/views/debate/export-markdown.js", file_80, sizeof file_80},
    {"/js/views/debate/facts.js", file_81, sizeof file_81},
    {"/js/views/debate/fields.js", file_82, sizeof file_82},
    {"/js/views/debate/fusion-body.js", file_83, sizeof file_83},
    {"/js/views/debate/grid-body.js", file_84, sizeof file_84},
    {"/js/views/debate/outcome.js", file_85, sizeof file_85},
    {"/js/views/debate/protocols.js", file_86, sizeof file_86},
    {"/js/views/debate/setup-choices.js", file_87, sizeof file_87},
    {"/js/views/debate/thread-body.js", file_88, sizeof file_88},
    {"/js/views/debate/turn-text.js", file_89, sizeof file_89},
    {"/js/views/debate/turn-view.js", file_90, sizeof file_90},
    {"/js/views/debate/verdict-card.js", file_91, sizeof file_91},
    {"/js/views/debate/words.js", file_92, sizeof file_92},
    {"/js/views/drawer/actions.js", file_93, sizeof file_93},
    {"/js/views/drawer/connection.js", file_94, sizeof file_94},
    {"/js/views/drawer/conversation-list.js", file_95, sizeof file_95},
    {"/js/views/drawer/date-groups.js", file_96, sizeof file_96},
    {"/js/views/drawer/deletion.js", file_97, sizeof file_97},
    {"/js/views/drawer/drawer.js", file_98, sizeof file_98},
    {"/js/views/drawer/foot.js", file_99, sizeof file_99},
    {"/js/views/drawer/frame.js", file_100, sizeof file_100},
    {"/js/views/drawer/list-view.js", file_101, sizeof file_101},
    {"/js/views/drawer/row.js", file_102, sizeof file_102},
    {"/js/views/drawer/running.js", file_103, sizeof file_103},
    {"/js/views/drawer/search.js", file_104, sizeof file_104},
    {"/js/views/drawer/seen.js", file_105, sizeof file_105},
    {"/js/views/drawer/window.js", file_106, sizeof file_106},
    {"/js/views/palette/commands.js", file_107, sizeof file_107},
    {"/js/views/palette/palette.js", file_108, sizeof file_108},
    {"/js/views/palette/shortcuts.js", file_109, sizeof file_109},
    {"/js/views/palette/sources.js", file_110, sizeof file_110},
    {"/js/views/picker/model-picker.js", file_111, sizeof file_111},
    {"/js/views/reports/charts.js", file_112, sizeof file_112},
    {"/js/views/reports/preferences-view.js", file_113, sizeof file_113},
    {"/js/views/reports/segments.js", file_114, sizeof file_114},
    {"/js/views/reports/skip-link.js", file_115, sizeof file_115},
    {"/js/views/reports/sortable-table.js", file_116, sizeof file_116},
    {"/js/views/reports/usage-data.js", file_117, sizeof file_117},
    {"/js/views/reports/usage-view.js", file_118, sizeof file_118},
    {"/js/views/setup/key-dialog.js", file_119, sizeof file_119},
    {"/js/views/setup/portability-dialog.js", file_120, sizeof file_120},
    {"/js/views/setup/setup-note.js", file_121, sizeof file_121},
    {"/js/views/setup/unzip.js", file_122, sizeof file_122},
    {"/js/views/thread/chat-answer.js", file_123, sizeof file_123},
    {"/js/views/thread/conversation-view.js", file_124, sizeof file_124},
    {"/js/views/thread/exchange.js", file_125, sizeof file_125},
    {"/js/views/thread/new-chat.js", file_126, sizeof file_126},
    {"/js/views/thread/thread-scroll.js", file_127, sizeof file_127},
    {"/js/views/thread/tree.js", file_128, sizeof file_128},
    {"/js/views/thread/user-message.js", file_129, sizeof file_129},
    {"/mark.svg", file_130, sizeof file_130},
    {"/openapi.json", file_131, sizeof file_131},
#if __has_embed("Assets/vendor/katex.mjs")
    {"/vendor/katex.mjs", file_132, sizeof file_132},
#endif
#if __has_embed("Assets/vendor/prism/prism-core.min.js")
    {"/vendor/prism/prism-core.min.js", file_133, sizeof file_133},
#endif
#if __has_embed("Assets/vendor/prism/prism-markup.min.js")
    {"/vendor/prism/prism-markup.min.js", file_134, sizeof file_134},
#endif
#if __has_embed("Assets/vendor/prism/prism-css.min.js")
    {"/vendor/prism/prism-css.min.js", file_135, sizeof file_135},
#endif
#if __has_embed("Assets/vendor/prism/prism-clike.min.js")
    {"/vendor/prism/prism-clike.min.js", file_136, sizeof file_136},
#endif
#if __has_embed("Assets/vendor/prism/prism-javascript.min.js")
    {"/vendor/prism/prism-javascript.min.js", file_137, sizeof file_137},
#endif
#if __has_embed("Assets/vendor/prism/prism-typescript.min.js")
    {"/vendor/prism/prism-typescript.min.js", file_138, sizeof file_138},
#endif
#if __has_embed("Assets/vendor/prism/prism-jsx.min.js")
    {"/vendor/prism/prism-jsx.min.js", file_139, sizeof file_139},
#endif
#if __has_embed("Assets/vendor/prism/prism-tsx.min.js")
    {"/vendor/prism/prism-tsx.min.js", file_140, sizeof file_140},
#endif
#if __has_embed("Assets/vendor/prism/prism-json.min.js")
    {"/vendor/prism/prism-json.min.js", file_141, sizeof file_141},
#endif
#if __has_embed("Assets/vendor/prism/prism-yaml.min.js")
    {"/vendor/prism/prism-yaml.min.js", file_142, sizeof file_142},
#endif
#if __has_embed("Assets/vendor/prism/prism-toml.min.js")
    {"/vendor/prism/prism-toml.min.js", file_143, sizeof file_143},
#endif
#if __has_embed("Assets/vendor/prism/prism-bash.min.js")
    {"/vendor/prism/prism-bash.min.js", file_144, sizeof file_144},
#endif
#if __has_embed("Assets/vendor/prism/prism-python.min.js")
    {"/vendor/prism/prism-python.min.js", file_145, sizeof file_145},
#endif
#if __has_embed("Assets/vendor/prism/prism-ruby.min.js")
    {"/vendor/prism/prism-ruby.min.js", file_146, sizeof file_146},
#endif
#if __has_embed("Assets/vendor/prism/prism-go.min.js")
    {"/vendor/prism/prism-go.min.js", file_147, sizeof file_147},
#endif
#if __has_embed("Assets/vendor/prism/prism-rust.min.js")
    {"/vendor/prism/prism-rust.min.js", file_148, sizeof file_148},
#endif
#if __has_embed("Assets/vendor/prism/prism-swift.min.js")
    {"/vendor/prism/prism-swift.min.js", file_149, sizeof file_149},
#endif
#if __has_embed("Assets/vendor/prism/prism-java.min.js")
    {"/vendor/prism/prism-java.min.js", file_150, sizeof file_150},
#endif
#if __has_embed("Assets/vendor/prism/prism-kotlin.min.js")
    {"/vendor/prism/prism-kotlin.min.js", file_151, sizeof file_151},
#endif
#if __has_embed("Assets/vendor/prism/prism-c.min.js")
    {"/vendor/prism/prism-c.min.js", file_152, sizeof file_152},
#endif
#if __has_embed("Assets/vendor/prism/prism-cpp.min.js")
    {"/vendor/prism/prism-cpp.min.js", file_153, sizeof file_153},
#endif
#if __has_embed("Assets/vendor/prism/prism-csharp.min.js")
    {"/vendor/prism/prism-csharp.min.js", file_154, sizeof file_154},
#endif
#if __has_embed("Assets/vendor/prism/prism-php.min.js")
    {"/vendor/prism/prism-php.min.js", file_155, sizeof file_155},
#endif
#if __has_embed("Assets/vendor/prism/prism-sql.min.js")
    {"/vendor/prism/prism-sql.min.js", file_156, sizeof file_156},
#endif
#if __has_embed("Assets/vendor/prism/prism-markdown.min.js")
    {"/vendor/prism/prism-markdown.min.js", file_157, sizeof file_157},
#endif
#if __has_embed("Assets/vendor/prism/prism-diff.min.js")
    {"/vendor/prism/prism-diff.min.js", file_158, sizeof file_158},
#endif
#if __has_embed("Assets/vendor/prism/prism-docker.min.js")
    {"/vendor/prism/prism-docker.min.js", file_159, sizeof file_159},
#endif
#if __has_embed("Assets/vendor/prism/prism-lua.min.js")
    {"/vendor/prism/prism-lua.min.js", file_160, sizeof file_160},
#endif
#if __has_embed("Assets/vendor/prism/prism-r.min.js")
    {"/vendor/prism/prism-r.min.js", file_161, sizeof file_161},
#endif
#if __has_embed("Assets/vendor/prism/prism-scala.min.js")
    {"/vendor/prism/prism-scala.min.js", file_162, sizeof file_162},
#endif
#if __has_embed("Assets/vendor/prism/prism-haskell.min.js")
    {"/vendor/prism/prism-haskell.min.js", file_163, sizeof file_163},
#endif
#if __has_embed("Assets/vendor/prism/prism-perl.min.js")
    {"/vendor/prism/prism-perl.min.js", file_164, sizeof file_164},
#endif
};

size_t plenum_web_asset_count(void) { return sizeof assets / sizeof assets[0]; }

const plenum_web_asset *plenum_web_asset_at(size_t index) { return &assets[index]; }
