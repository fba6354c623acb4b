//! Python behaviours for the Metapython engine.
