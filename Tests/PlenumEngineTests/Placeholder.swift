// Placeholder: replaced by this suite's first file.
