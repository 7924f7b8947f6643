#include "binding/js_value.h"

#include <cmath>

namespace remotemedia {

void ArgumentErrors::Add(const std::string& path, const std::string& expectation) {
  if (message_.empty()) message_ = path + ' ' + expectation;
}

bool ArgumentErrors::Check() {
  // A getter or proxy has thrown: that is the better explanation.
  if (env_.IsExceptionPending()) return false;
  if (message_.empty()) return true;
  Napi::TypeError::New(env_, message_).ThrowAsJavaScriptException();
  return false;
}

JsValue JsValue::operator[](const char* name) const {
  Napi::Value property;
  if (value_.IsObject()) {
    property = value_.As<Napi::Object>().Get(name);
  } else {
    Fail("must be an object");
  }
  return {property, path_ + '.' + name, errors_};
}

uint32_t JsValue::Integer(uint32_t min, uint32_t max) const {
  const double number = value_.IsNumber() ? value_.As<Napi::Number>().DoubleValue() : NAN;
  if (number >= min && number <= max && std::trunc(number) == number) {
    return static_cast<uint32_t>(number);
  }
  Fail("must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
  return min;
}

bool JsValue::Boolean() const {
  if (value_.IsBoolean()) return value_.As<Napi::Boolean>().Value();
  Fail("must be true or false");
  return false;
}

std::string JsValue::String() const {
  if (value_.IsString()) return value_.As<Napi::String>().Utf8Value();
  Fail("must be a string");
  return {};
}

uint32_t JsValue::ListLength() const {
  if (!value_.IsArray()) {
    Fail("must be an array");
    return 0;
  }
  const uint32_t length = value_.As<Napi::Array>().Length();
  if (length <= kMaxListLength) return length;
  Fail("must have at most " + std::to_string(kMaxListLength) + " items");
  return 0;
}

JsValue JsValue::Item(uint32_t index) const {
  return {value_.As<Napi::Array>().Get(index), path_ + '[' + std::to_string(index) + ']', errors_};
}

}  // namespace remotemedia
