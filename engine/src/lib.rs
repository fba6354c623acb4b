//! The Metapython engine: a game loop whose processes are ECS entities.
