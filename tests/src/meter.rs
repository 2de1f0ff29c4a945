//! Counts read and write units, which DynamoDB returns because every request sets `ReturnConsumedCapacity`.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_sdk_dynamodb::operation::{
    batch_get_item, get_item, query, transact_write_items, update_item,
};
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};
use std::sync::{Arc, Mutex};

/// A counter of the read units and the write units, in this order, that one client consumes.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<(f64, f64)>>);

impl Meter {
    /// Returns a copy of `client` and the meter that counts its units.
    pub fn attach(client: &Client) -> (Client, Self) {
        let meter = Self::default();
        let config = client.config().to_builder().interceptor(meter.clone()).build();
        (Client::from_conf(config), meter)
    }

    /// Returns the read and write units since the last call.
    pub fn take(&self) -> (f64, f64) {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    fn count_reads(&self, consumed: &[ConsumedCapacity]) {
        self.0.lock().unwrap().0 += units(consumed);
    }

    fn count_writes(&self, consumed: &[ConsumedCapacity]) {
        self.0.lock().unwrap().1 += units(consumed);
    }
}

fn units(consumed: &[ConsumedCapacity]) -> f64 {
    assert!(!consumed.is_empty(), "the response does not contain the consumed capacity");
    consumed.iter().filter_map(|one| one.capacity_units).sum()
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let total = Some(ReturnConsumedCapacity::Total);
        let input = context.input_mut();
        if let Some(input) = input.downcast_mut::<get_item::GetItemInput>() {
            input.return_consumed_capacity = total;
        } else if let Some(input) = input.downcast_mut::<query::QueryInput>() {
            input.return_consumed_capacity = total;
        } else if let Some(input) = input.downcast_mut::<batch_get_item::BatchGetItemInput>() {
            input.return_consumed_capacity = total;
        } else if let Some(input) = input.downcast_mut::<update_item::UpdateItemInput>() {
            input.return_consumed_capacity = total;
        } else if let Some(input) =
            input.downcast_mut::<transact_write_items::TransactWriteItemsInput>()
        {
            input.return_consumed_capacity = total;
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Ok(output) = context.output_or_error() else {
            return Ok(());
        };
        if let Some(output) = output.downcast_ref::<get_item::GetItemOutput>() {
            self.count_reads(output.consumed_capacity.as_slice());
        } else if let Some(output) = output.downcast_ref::<query::QueryOutput>() {
            self.count_reads(output.consumed_capacity.as_slice());
        } else if let Some(output) = output.downcast_ref::<batch_get_item::BatchGetItemOutput>() {
            self.count_reads(output.consumed_capacity());
        } else if let Some(output) = output.downcast_ref::<update_item::UpdateItemOutput>() {
            self.count_writes(output.consumed_capacity.as_slice());
        } else if let Some(output) =
            output.downcast_ref::<transact_write_items::TransactWriteItemsOutput>()
        {
            self.count_writes(output.consumed_capacity());
        } else {
            panic!("the units of this operation are not counted: {output:?}");
        }
        Ok(())
    }
}
