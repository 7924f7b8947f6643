// Reads values that come from JavaScript and remembers what was wrong with them.
#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "binding/names.h"

namespace remotemedia {

// What was wrong with the arguments of one call: the first thing found.
class ArgumentErrors {
 public:
  explicit ArgumentErrors(Napi::Env env) : env_(env) {}

  void Add(const std::string& path, const std::string& expectation);

  // Whether nothing was wrong. If something was, a TypeError that names it is pending in
  // JavaScript.
  bool Check();

 private:
  Napi::Env env_;
  std::string message_;
};

// A value and the path it was reached by, such as "options.codecs[0].clockRate". What is not as the
// reader expects is added to the errors, and something harmless is answered in its place: read a
// whole object, then Check once.
class JsValue {
 public:
  JsValue(Napi::Value value, std::string path, ArgumentErrors& errors)
      : value_(value), path_(std::move(path)), errors_(errors) {}

  // A property of this object.
  JsValue operator[](const char* name) const;

  // An integer in [min, max].
  uint32_t Integer(uint32_t min, uint32_t max) const;
  bool Boolean() const;
  std::string String() const;

  // A name out of a table of names.h.
  template <typename Table>
  auto NameIn(const Table& table) const {
    const auto value = ValueOf(table, String());
    if (!value) Fail(OneOf(table));
    return value.value_or(table.front().value);
  }

  // The items of this array, each read by `read`.
  template <typename F>
  auto List(F&& read) const {
    std::vector<decltype(read(*this))> items;
    const uint32_t length = ListLength();
    items.reserve(length);
    for (uint32_t i = 0; i < length; ++i) items.push_back(read(Item(i)));
    return items;
  }

  // Records that this value is not what `expectation` says, as in "must be ...".
  void Fail(const std::string& expectation) const { errors_.Add(path_, expectation); }

 private:
  // Far beyond what any description has.
  static constexpr uint32_t kMaxListLength = 1'024;

  uint32_t ListLength() const;
  JsValue Item(uint32_t index) const;

  template <typename Table>
  static std::string OneOf(const Table& table) {
    std::string text = "must be one of";
    for (const auto& entry : table) text.append(" '").append(entry.name).append("'");
    return text;
  }

  Napi::Value value_;
  std::string path_;
  ArgumentErrors& errors_;
};

}  // namespace remotemedia
