//! `canonicalPlan`: a plan as the core understands it.

use napi_derive::napi;

use crate::faults::{Fault, guarded, json};

/// Either the plan, as JSON, or a fault.
#[napi(object, object_from_js = false)]
pub struct Canonical {
    pub plan: Option<String>,
    pub fault: Option<Fault>,
}

/// Reads and checks a plan, and writes it with all defaults filled in.
#[napi]
pub fn canonical_plan(plan: String) -> Canonical {
    let (plan, fault) = match guarded(|| {
        let plan = keenpix::Plan::from_json(&plan)?;
        plan.check()?;
        json(&plan)
    }) {
        Ok(plan) => (Some(plan), None),
        Err(fault) => (None, Some(fault)),
    };
    Canonical { plan, fault }
}
