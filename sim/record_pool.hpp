// Records that come and go, in one vector: their owners hold indices, so that everything stays a value that
// is copied as plain memory.
#pragma once

#include "sim/contract.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

namespace venturi {

/// Names no record.
inline constexpr std::uint32_t no_record = std::numeric_limits<std::uint32_t>::max();

/// A pool of records, given out by index and used again. `Record` is trivially copyable and has the members
/// `next` and `previous`, by which whoever holds it may put it into a line.
template <class Record>
class RecordPool {
    static_assert(std::is_trivially_copyable_v<Record>);

  public:
    /// A record, with whatever it held before.
    std::uint32_t take() {
        ++in_use_;
        if (free_ == no_record) {
            records_.emplace_back();
            return static_cast<std::uint32_t>(records_.size() - 1);
        }
        const std::uint32_t index = free_;
        free_ = records_[index].next;
        return index;
    }
    void give_back(std::uint32_t index) {
        records_[index].next = free_;
        free_ = index;
        --in_use_;
    }

    [[nodiscard]] Record& operator[](std::uint32_t index) { return records_[index]; }
    [[nodiscard]] const Record& operator[](std::uint32_t index) const { return records_[index]; }
    [[nodiscard]] std::size_t in_use() const { return in_use_; }

    /// Gives every record back, keeping the memory.
    void clear() {
        records_.clear();
        free_ = no_record;
        in_use_ = 0;
    }

  private:
    std::vector<Record> records_;
    std::uint32_t free_ = no_record;
    std::size_t in_use_ = 0;
};

/// A line of records of a pool, in the order in which they joined. Every operation is O(1).
class RecordLine {
  public:
    [[nodiscard]] std::uint32_t front() const { return front_; }
    [[nodiscard]] bool empty() const { return front_ == no_record; }

    template <class Record>
    void join(RecordPool<Record>& pool, std::uint32_t index) {
        pool[index].previous = back_;
        pool[index].next = no_record;
        if (back_ == no_record)
            front_ = index;
        else
            pool[back_].next = index;
        back_ = index;
    }
    template <class Record>
    void leave(RecordPool<Record>& pool, std::uint32_t index) {
        const std::uint32_t next = pool[index].next;
        const std::uint32_t previous = pool[index].previous;
        if (previous == no_record)
            front_ = next;
        else
            pool[previous].next = next;
        if (next == no_record)
            back_ = previous;
        else
            pool[next].previous = previous;
    }

  private:
    std::uint32_t front_ = no_record;
    std::uint32_t back_ = no_record;
};

}  // namespace venturi
