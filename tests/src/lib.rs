//! End-to-end scenarios of the program `metapython`.
