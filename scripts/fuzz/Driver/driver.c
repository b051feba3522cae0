#include <stddef.h>
#include <stdint.h>

typedef int OneInput(const uint8_t *start, size_t count);

int LLVMFuzzerRunDriver(int *count, char ***arguments, OneInput *callback);
OneInput LLVMFuzzerTestOneInput;

/* The build makes a product's `main` a name for this function, and so keeps out libFuzzer's own. This is what that does. */
int fuzz_main(int count, char **arguments) { return LLVMFuzzerRunDriver(&count, &arguments, LLVMFuzzerTestOneInput); }
