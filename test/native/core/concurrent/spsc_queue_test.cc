#include "core/concurrent/spsc_queue.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

namespace remotemedia {
namespace {

TEST(SpscQueueTest, GivesValuesBackInOrder) {
  SpscQueue<int, 4> queue;
  EXPECT_TRUE(queue.Push(1));
  EXPECT_TRUE(queue.Push(2));
  EXPECT_EQ(queue.Pop(), 1);
  EXPECT_EQ(queue.Pop(), 2);
  EXPECT_EQ(queue.Pop(), std::nullopt);
}

TEST(SpscQueueTest, LeavesAValueAloneThatItHasNoRoomFor) {
  SpscQueue<std::unique_ptr<int>, 2> queue;
  EXPECT_TRUE(queue.Push(std::make_unique<int>(1)));
  EXPECT_TRUE(queue.Push(std::make_unique<int>(2)));

  auto third = std::make_unique<int>(3);
  EXPECT_FALSE(queue.Push(std::move(third)));
  ASSERT_NE(third, nullptr);

  EXPECT_EQ(**queue.Pop(), 1);
  EXPECT_TRUE(queue.Push(std::move(third)));
  EXPECT_EQ(**queue.Pop(), 2);
  EXPECT_EQ(**queue.Pop(), 3);
}

TEST(SpscQueueTest, UsesItsSlotsAgainAndAgain) {
  SpscQueue<int, 4> queue;
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(queue.Push(2 * i));
    ASSERT_TRUE(queue.Push(2 * i + 1));
    ASSERT_EQ(queue.Pop(), 2 * i);
    ASSERT_EQ(queue.Pop(), 2 * i + 1);
  }
}

// For ThreadSanitizer as much as for the values: what is popped was fully written before.
TEST(SpscQueueTest, HandsEveryValueFromOneThreadToAnother) {
  constexpr int kValues = 100'000;
  struct Value {
    int number = 0;
    std::unique_ptr<int> content;
  };
  SpscQueue<Value, 16> queue;

  std::thread producer([&] {
    for (int i = 0; i < kValues; ++i) {
      Value value{i, std::make_unique<int>(2 * i)};
      while (!queue.Push(std::move(value))) std::this_thread::yield();
    }
  });
  int wrong = 0;
  for (int i = 0; i < kValues; ++i) {
    auto value = queue.Pop();
    for (; !value; value = queue.Pop()) std::this_thread::yield();
    if (value->number != i || *value->content != 2 * i) ++wrong;
  }
  producer.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_FALSE(queue.Pop().has_value());
}

}  // namespace
}  // namespace remotemedia
