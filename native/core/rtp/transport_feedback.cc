#include "core/rtp/transport_feedback.h"

#include <algorithm>
#include <array>
#include <limits>

namespace remotemedia::rtcp {
namespace {

// Two-bit symbols of section 3.1.1.
enum Symbol : uint8_t { kNotReceived = 0, kSmallDelta = 1, kLargeDelta = 2, kReserved = 3 };

constexpr size_t kFixedSize = 8;
constexpr size_t kChunkSize = 2;
constexpr size_t kRunLengthCapacity = 0x1FFF;
constexpr size_t kOneBitCapacity = 14;
constexpr size_t kTwoBitCapacity = 7;

// Chunks and deltas together; 12 bytes go to the RTCP header and the SSRCs.
constexpr size_t kMaxListsSize = TransportFeedback::kMaxPacketSize - 12 - kFixedSize;

// A chunk is either a run of one symbol, or a vector of 14 one-bit or 7 two-bit symbols.
struct Chunk {
  uint16_t value;

  bool is_vector() const { return value & 0x8000; }
  bool is_two_bit() const { return value & 0x4000; }
  size_t symbol_count() const {
    if (!is_vector()) return value & 0x1FFF;
    return is_two_bit() ? kTwoBitCapacity : kOneBitCapacity;
  }
  Symbol symbol(size_t index) const {
    if (!is_vector()) return static_cast<Symbol>(value >> 13 & 3);
    if (is_two_bit()) return static_cast<Symbol>(value >> (2 * (kTwoBitCapacity - 1 - index)) & 3);
    return static_cast<Symbol>(value >> (kOneBitCapacity - 1 - index) & 1);
  }
};

size_t DeltaSize(Symbol symbol) {
  return symbol == kLargeDelta ? 2 : symbol == kSmallDelta ? 1 : 0;
}

// Collects statuses as chunks and deltas. A value: copy it, try, and keep the copy that fits.
//
// Symbols wait in `pending_` for as long as one chunk can hold them: up to 14 of them literally,
// more only as a run.
class Encoder {
 public:
  Encoder(std::span<uint8_t> chunks, std::span<uint8_t> deltas)
      : chunks_(chunks), deltas_(deltas) {}

  void AddMissing(size_t count) { AddSymbols(kNotReceived, count); }

  void AddReceived(int16_t delta) {
    const bool is_small = delta >= 0 && delta <= 0xFF;
    AddSymbols(is_small ? kSmallDelta : kLargeDelta, 1);
    if (is_small) {
      deltas_.U8(static_cast<uint8_t>(delta));
    } else {
      deltas_.U16(static_cast<uint16_t>(delta));
    }
  }

  void Finish() {
    if (pending_ > 0) EmitChunk(/*is_last=*/true);
  }

  // What Finish will make it, in bytes.
  size_t size() const { return chunks_.size() + (pending_ > 0 ? kChunkSize : 0) + deltas_.size(); }
  std::span<const uint8_t> chunks() const { return chunks_.written(); }
  std::span<const uint8_t> deltas() const { return deltas_.written(); }

 private:
  void AddSymbols(Symbol symbol, size_t count) {
    while (count > 0) {
      if (!CanAdd(symbol)) {
        EmitChunk(/*is_last=*/false);
      } else if (pending_ < kOneBitCapacity) {
        symbols_[pending_++] = symbol;
        Classify();
        --count;
      } else {
        const size_t taken = std::min(count, kRunLengthCapacity - pending_);
        pending_ += taken;
        count -= taken;
      }
    }
  }

  bool CanAdd(Symbol symbol) const {
    if (pending_ < kTwoBitCapacity) return true;
    if (pending_ < kOneBitCapacity && !has_large_ && symbol != kLargeDelta) return true;
    return pending_ < kRunLengthCapacity && is_run_ && symbols_[0] == symbol;
  }

  void EmitChunk(bool is_last) {
    size_t emitted = pending_;
    if (is_run_) {
      chunks_.U16(static_cast<uint16_t>(symbols_[0] << 13 | pending_));
    } else if (pending_ == kOneBitCapacity || (is_last && pending_ > kTwoBitCapacity)) {
      EmitVector(pending_, /*bits=*/1);
    } else {
      emitted = std::min(pending_, kTwoBitCapacity);
      EmitVector(emitted, /*bits=*/2);
    }
    pending_ -= emitted;
    if (pending_ > 0) std::copy_n(symbols_.begin() + emitted, pending_, symbols_.begin());
    Classify();
  }

  void EmitVector(size_t count, int bits) {
    uint16_t chunk = bits == 1 ? 0x8000 : 0xC000;
    for (size_t i = 0; i < count; ++i) {
      chunk |= static_cast<uint16_t>(symbols_[i] << (kOneBitCapacity - bits * (i + 1)));
    }
    chunks_.U16(chunk);
  }

  void Classify() {
    const auto begin = symbols_.begin();
    const auto end = begin + pending_;
    is_run_ = std::all_of(begin, end, [this](Symbol symbol) { return symbol == symbols_[0]; });
    has_large_ = std::find(begin, end, kLargeDelta) != end;
  }

  ByteWriter chunks_;
  ByteWriter deltas_;
  std::array<Symbol, kOneBitCapacity> symbols_{};
  size_t pending_ = 0;
  bool is_run_ = true;
  bool has_large_ = false;
};

int64_t FloorDivide(int64_t value, int64_t divisor) {
  return (value - ((value % divisor) + divisor) % divisor) / divisor;
}

int64_t DivideToNearest(int64_t value, int64_t divisor) {
  return FloorDivide(value + divisor / 2, divisor);
}

}  // namespace

size_t WriteTransportFeedback(ByteWriter& out, const TransportFeedbackHeader& header,
                              std::span<const PacketArrival> arrivals) {
  constexpr int64_t kUnit = TransportFeedback::kDeltaUnit.micros();
  constexpr int64_t kReferenceUnit = TransportFeedback::kReferenceUnit.micros();
  if (arrivals.empty() || out.remaining() < kFixedSize) return 0;

  std::array<uint8_t, kMaxListsSize> chunks;
  std::array<uint8_t, kMaxListsSize> deltas;
  const size_t limit = std::min(out.remaining() - kFixedSize, kMaxListsSize);

  const auto first_gap = static_cast<uint16_t>(static_cast<uint16_t>(arrivals[0].sequence_number) -
                                               header.base_sequence_number);
  const int64_t base = arrivals[0].sequence_number - first_gap;
  const int64_t reference = FloorDivide(arrivals[0].time.micros(), kReferenceUnit);

  Encoder encoder(chunks, deltas);
  int64_t next = base;
  int64_t time = reference * kReferenceUnit;  // as the sender reconstructs it
  size_t written = 0;
  for (const PacketArrival& arrival : arrivals) {
    const int64_t delta = DivideToNearest(arrival.time.micros() - time, kUnit);
    if (delta != static_cast<int16_t>(delta)) break;
    if (arrival.sequence_number - base >= std::numeric_limits<uint16_t>::max()) break;
    Encoder attempt = encoder;
    attempt.AddMissing(static_cast<size_t>(arrival.sequence_number - next));
    attempt.AddReceived(static_cast<int16_t>(delta));
    if (attempt.size() > limit) break;
    encoder = attempt;
    next = arrival.sequence_number + 1;
    time += delta * kUnit;
    ++written;
  }
  if (written == 0) return 0;

  encoder.Finish();
  out.U16(header.base_sequence_number);
  out.U16(static_cast<uint16_t>(next - base));
  out.U24(static_cast<uint32_t>(reference));
  out.U8(header.feedback_count);
  out.Bytes(encoder.chunks());
  out.Bytes(encoder.deltas());
  return written;
}

std::optional<TransportFeedback> ParseTransportFeedback(std::span<const uint8_t> body) {
  ByteReader reader(body);
  TransportFeedback feedback;
  feedback.header.base_sequence_number = reader.U16();
  feedback.status_count = reader.U16();
  feedback.reference_time = static_cast<int32_t>(reader.U24() << 8) >> 8;  // sign-extended
  feedback.header.feedback_count = reader.U8();
  if (!reader.ok() || feedback.status_count == 0) return std::nullopt;

  const size_t chunks_start = reader.position();
  size_t deltas_size = 0;
  for (size_t reported = 0; reported < feedback.status_count;) {
    const Chunk chunk{reader.U16()};
    const size_t count = std::min(chunk.symbol_count(), feedback.status_count - reported);
    if (!reader.ok() || count == 0) return std::nullopt;
    if (chunk.is_vector()) {
      for (size_t i = 0; i < count; ++i) {
        if (chunk.symbol(i) == kReserved) return std::nullopt;
        deltas_size += DeltaSize(chunk.symbol(i));
      }
    } else {
      if (chunk.symbol(0) == kReserved) return std::nullopt;
      deltas_size += count * DeltaSize(chunk.symbol(0));
    }
    reported += count;
  }
  feedback.chunks = body.subspan(chunks_start, reader.position() - chunks_start);
  feedback.deltas = reader.Bytes(deltas_size);
  if (!reader.ok()) return std::nullopt;
  return feedback;
}

TransportFeedbackReader::TransportFeedbackReader(const TransportFeedback& feedback)
    : chunks_(feedback.chunks),
      deltas_(feedback.deltas),
      time_(Timestamp() + TransportFeedback::kReferenceUnit * feedback.reference_time),
      sequence_number_(feedback.header.base_sequence_number),
      statuses_left_(feedback.status_count) {}

std::optional<PacketStatus> TransportFeedbackReader::Next() {
  if (statuses_left_ == 0) return std::nullopt;
  if (chunk_position_ == Chunk{chunk_}.symbol_count()) {
    chunk_ = chunks_.U16();
    chunk_position_ = 0;
  }
  const Symbol symbol = Chunk{chunk_}.symbol(chunk_position_++);
  --statuses_left_;

  PacketStatus status{sequence_number_++, std::nullopt};
  if (symbol == kNotReceived) return status;
  const int16_t delta = symbol == kSmallDelta ? deltas_.U8() : static_cast<int16_t>(deltas_.U16());
  time_ = time_ + TransportFeedback::kDeltaUnit * delta;
  status.arrival = time_;
  return status;
}

}  // namespace remotemedia::rtcp
