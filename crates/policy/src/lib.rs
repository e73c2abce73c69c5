//! Policy as data: versions, tables, citations, and decisions that explain themselves.
