"""The sections of a notice: each turns facts into blocks and holds no figure of its own."""
