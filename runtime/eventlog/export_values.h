#pragma once

#include "runtime/base/text_pool.h"
#include "runtime/eventlog/record_writer.h"
#include "runtime/store/names.h"
#include "runtime/store/store.h"

namespace nurture::eventlog {

/// A value of that field as a log has it, so that reading it gives the same value again.
OutCell out_cell(const store::Store& store, const store::FieldNames& field, Value value);

/// The same of a field of an event, where a cell that says nothing would not always be read as unknown: a value that
/// was outside its choice is one again.
OutCell out_property(const store::Store& store, const store::FieldNames& field, Value value);

}  // namespace nurture::eventlog
