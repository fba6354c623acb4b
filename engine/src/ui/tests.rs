//! What processes draw, and what they hear of it.
