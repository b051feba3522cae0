/* Nothing: the linker alone looks for what is here. */
