//! SQL for modules on two engines, and the lanes that write.
