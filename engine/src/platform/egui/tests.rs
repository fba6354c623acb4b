//! What becomes of clicks and keys, and what is seen.
