// Placeholder: replaced by this floor's first file.
