#include "core/routing/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/routing/synthetic_source.h"
#include "support/fake_outlet.h"
#include "support/seeded_random.h"

namespace remotemedia {
namespace {

constexpr Timestamp kStart = Timestamp::Millis(1'000'000);
constexpr CodecParameters kVp8 = {
    .codec = Codec::kVp8, .payload_type = 96, .clock_rate = 90'000, .nack = true};

class RouterTest : public testing::Test {
 protected:
  Producer& AddProducer(uint32_t id) {
    ProducerParameters parameters;
    parameters.id = ProducerId{id};
    parameters.is_video = true;
    parameters.codecs = {kVp8};
    return *router.AddProducer(parameters);
  }
  Consumer& AddConsumer(uint32_t id) {
    ConsumerParameters parameters;
    parameters.id = ConsumerId{id};
    parameters.is_video = true;
    parameters.ssrc = id;
    parameters.codecs = {kVp8};
    return *router.AddConsumer(parameters, outlet, random);
  }
  SyntheticSourceParameters Source(uint16_t packets_per_frame = 1) const {
    return {.id = ProducerId{1},
            .is_video = true,
            .codec = kVp8,
            .packets_per_frame = packets_per_frame,
            .frames_per_second = 30,
            .payload_bytes = 100};
  }

  SeededRandom random{1};
  FakeOutlet outlet;
  Router router;
};

TEST_F(RouterTest, RefusesAnIdThatIsTaken) {
  AddProducer(1);
  AddConsumer(1);
  ProducerParameters producer;
  producer.id = ProducerId{1};
  EXPECT_EQ(router.AddProducer(producer), nullptr);
  ConsumerParameters consumer;
  consumer.id = ConsumerId{1};
  EXPECT_EQ(router.AddConsumer(consumer, outlet, random), nullptr);
  EXPECT_EQ(router.producer_count(), 1u);
  EXPECT_EQ(router.consumer_count(), 1u);
}

TEST_F(RouterTest, AProducerReachesAllItsConsumers) {
  Producer& producer = AddProducer(1);
  SyntheticSource source(kStart, producer, Source(), random);
  for (uint32_t id = 1; id <= 3; ++id)
    router.Connect(kStart, AddConsumer(id), &producer, {{96, 96}});
  source.HandleTimeout(kStart);
  ASSERT_EQ(outlet.sent.size(), 3u);
  for (uint32_t id = 1; id <= 3; ++id) EXPECT_EQ(outlet.sent[id - 1].header().ssrc, id);
}

TEST_F(RouterTest, ConsumersOutliveTheirProducerAndProducersTheirConsumers) {
  Producer& producer = AddProducer(1);
  Consumer& first = AddConsumer(1);
  router.Connect(kStart, first, &producer, {{96, 96}});
  router.Connect(kStart, AddConsumer(2), &producer, {{96, 96}});
  router.RemoveConsumer(ConsumerId{2});
  EXPECT_THAT(producer.consumers(), testing::ElementsAre(&first));
  router.RemoveProducer(kStart, ProducerId{1});
  EXPECT_EQ(first.producer(), nullptr);
  EXPECT_EQ(router.FindProducer(ProducerId{1}), nullptr);
  router.RemoveProducer(kStart, ProducerId{1});
  router.RemoveConsumer(ConsumerId{2});
  EXPECT_EQ(router.consumer_count(), 1u);
}

TEST_F(RouterTest, ConnectingAgainMovesAConsumer) {
  Producer& one = AddProducer(1);
  Producer& two = AddProducer(2);
  Consumer& consumer = AddConsumer(1);
  router.Connect(kStart, consumer, &one, {{96, 96}});
  router.Connect(kStart, consumer, &two, {{96, 96}});
  EXPECT_TRUE(one.consumers().empty());
  EXPECT_THAT(two.consumers(), testing::ElementsAre(&consumer));
  router.Connect(kStart, consumer, &two, {{96, 96}});
  EXPECT_THAT(two.consumers(), testing::ElementsAre(&consumer));
}

TEST_F(RouterTest, AProducerFindsWhatItPublishedUntilTheEpochEnds) {
  Producer& producer = AddProducer(1);
  SyntheticSource source(kStart, producer, Source(), random);
  Consumer& consumer = AddConsumer(1);
  router.Connect(kStart, consumer, &producer, {{96, 96}});
  source.HandleTimeout(kStart);
  ASSERT_EQ(outlet.sent.size(), 1u);
  consumer.HandleNack(kStart, outlet.sent[0].header().sequence_number);
  EXPECT_EQ(outlet.sent.size(), 2u);
  EXPECT_EQ(producer.StartEpoch(), 1u);
  EXPECT_FALSE(producer.clock_mapping());
  consumer.HandleNack(kStart, outlet.sent[0].header().sequence_number);
  EXPECT_EQ(outlet.sent.size(), 2u);
  EXPECT_FALSE(producer.Find(0, 0));
}

TEST_F(RouterTest, ASyntheticSourceKeepsItsRateAndShape) {
  Producer& producer = AddProducer(1);
  SyntheticSource source(kStart, producer, Source(3), random);
  router.Connect(kStart, AddConsumer(1), &producer, {{96, 96}});
  int frames = 0;
  for (; source.PollTimeout() < kStart + Duration::Seconds(1); ++frames) {
    source.HandleTimeout(source.PollTimeout() - Duration::Micros(1));
    ASSERT_EQ(outlet.sent.size(), static_cast<size_t>(frames) * 3);
    source.HandleTimeout(source.PollTimeout());
  }
  EXPECT_EQ(frames, 30);
  ASSERT_EQ(outlet.sent.size(), 90u);
  const uint32_t first = outlet.sent[0].header().timestamp;
  for (uint32_t i = 0; i < 90; ++i) {
    EXPECT_EQ(outlet.sent[i].header().timestamp, first + i / 3 * 3'000);
    EXPECT_EQ(outlet.sent[i].header().marker, i % 3 == 2);
    EXPECT_EQ(outlet.sent[i].view().payload().size(), 100u);
  }
  // One for the start; asked for, one more.
  EXPECT_EQ(producer.keyframes(), 1u);
  producer.RequestKeyframe(kStart);
  producer.RequestKeyframe(kStart);
  source.HandleTimeout(source.PollTimeout());
  source.HandleTimeout(source.PollTimeout());
  EXPECT_EQ(producer.keyframes(), 2u);
}

}  // namespace
}  // namespace remotemedia
