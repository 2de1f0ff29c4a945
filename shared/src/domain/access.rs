//! The access that a request needs.

use super::permission::MAX_SEGMENTS;
use super::route::RouteRequest;
use super::rule::{ObjectSegment, RequiredAccess, RouteRule};
use std::fmt;

/// One access that a request needs: an action on one object of a resource.
#[derive(Clone, Copy, Debug)]
pub struct AccessRequest<'a> {
    /// The resource.
    pub resource: &'a str,
    /// The action.
    pub action: &'a str,
    /// The object's segments, followed by empty strings. An array instead of a `Vec`, so that no access needs an allocation.
    segments: [&'a str; MAX_SEGMENTS],
    /// The number of the object's segments.
    length: usize,
}

impl<'a> AccessRequest<'a> {
    /// Creates an access request for the object with these segments. Returns `None` if there are more than [`MAX_SEGMENTS`].
    pub fn new(resource: &'a str, action: &'a str, object: &[&'a str]) -> Option<Self> {
        let mut segments = [""; MAX_SEGMENTS];
        segments.get_mut(..object.len())?.copy_from_slice(object);
        Some(Self { resource, action, segments, length: object.len() })
    }

    /// Fills the placeholders of a required access with the values of an HTTP request. Returns `None` if a value is missing or
    /// unsafe.
    pub fn resolve(
        required: &RequiredAccess,
        rule: &RouteRule,
        request: &'a RouteRequest,
    ) -> Option<Self> {
        let mut segments = [""; MAX_SEGMENTS];
        for (segment, required_segment) in segments.iter_mut().zip(required.object) {
            *segment = match required_segment {
                ObjectSegment::Literal(literal) => literal,
                ObjectSegment::Placeholder(name) => request.safe_value(rule.path, name)?,
            };
        }
        let (resource, action) = (required.resource, required.action);
        Some(Self { resource, action, segments, length: required.object.len() })
    }

    /// Returns the segments of the object.
    pub fn object(&self) -> &[&'a str] {
        self.segments.get(..self.length).unwrap_or_default()
    }
}

/// Written as in `infra/routes.yaml`: `orders:get:eu/7`.
impl fmt::Display for AccessRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.resource, self.action, self.object().join("/"))
    }
}
