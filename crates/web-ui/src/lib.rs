//! The page frame, components, forms and messages in two languages.
