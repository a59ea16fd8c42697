//! Properties: stories in a simulated world, with everything that can go wrong going wrong in between.
//!
//! [`world`] is what is outside (processes, Flink, disk), [`provider`] how it is seen and touched, [`portal`] the
//! recorded phase and the passes over it, [`story`] what may happen. [`safety`] and [`liveness`] are the properties,
//! [`fixtures`] the cases that a reader wants to see by themselves, [`table`] every transition at a glance; [`restarts`] is
//! about what counts as failing.

mod fixtures;
mod liveness;
mod portal;
mod provider;
mod restarts;
mod safety;
mod story;
mod table;
mod world;
