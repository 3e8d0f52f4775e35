// The event calendar: a value that holds small typed events, ordered by (time, priority, sequence number).
//
// How it is built, and why. Pending events are 16-byte keys in an implicit four-ary heap whose four children
// share one cache line: time, priority and sequence number are packed into one 128-bit integer, so a
// comparison is two instructions and never a branch, and order never depends on an address. What an event
// says stands in a slot that the key names. Cancelling or rescheduling leaves the old key behind as stale: it
// no longer carries the sequence number of its slot, and is thrown away when it comes first, or all at once
// when stale keys outnumber the live ones. An event that is put off leaves its key where it is, to be
// replaced only when it comes first: hazards that fall, as they often do, cost next to nothing. The first key
// stands outside the heap, and its place stays empty after it is taken until the next schedule, since an
// event's handler nearly always schedules another: with two events pending that is one comparison, and with
// many a hold costs one walk down the heap, not two.
#pragma once

#include "sim/contract.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace venturi {

/// Among events at the same time, the lower priority value goes first.
enum class Priority : std::uint8_t { first = 0, early = 64, normal = 128, late = 192, last = 255 };

/// Names a scheduled event. Stays valid through rescheduling; names nothing once the event is delivered or
/// cancelled, even when its slot is used again.
class EventHandle {
  public:
    constexpr EventHandle() = default;
    friend constexpr bool operator==(EventHandle, EventHandle) = default;

  private:
    template <class Event, std::uint32_t numbers>
    friend class Calendar;
    constexpr EventHandle(std::uint32_t slot, std::uint32_t generation)
        : slot_(slot), generation_(generation) {}

    std::uint32_t slot_ = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t generation_ = 0;
};

namespace detail {

// Cache-line aligned, so that the four children of a heap node share a line.
template <class T>
struct LineAllocator {
    using value_type = T;
    static constexpr std::align_val_t line{64};
    LineAllocator() = default;
    template <class U>
    explicit LineAllocator(const LineAllocator<U>&) {}
    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), line)); }
    void deallocate(T* p, std::size_t) { ::operator delete(p, line); }
    friend bool operator==(const LineAllocator&, const LineAllocator&) { return true; }
};

// The bits of a time ≥ 0 as an integer of the same order; −0 and 0 are the same instant, so the sign is
// dropped.
[[nodiscard]] inline std::uint64_t ordered_bits(double time) {
    return std::bit_cast<std::uint64_t>(time) & ~(std::uint64_t{1} << 63);
}

}  // namespace detail

/// A future event list with a clock.
///
/// `Event` is a small trivially copyable struct. Times are in the model's unit (months for a world) from 0
/// on; they are finite and not before `now()`, else ContractViolation: an event that never comes is not
/// scheduled. Copying a calendar copies its future: both copies deliver the same events in the same order. At
/// most 2^24 − 1 events pend at once. All operations are O(log n) or better, amortised over cancellations.
/// Sequence numbers stay below `numbers`: when they run out, the pending events are numbered anew, which
/// nobody notices.
template <class Event, std::uint32_t numbers = std::numeric_limits<std::uint32_t>::max()>
class Calendar {
    static_assert(std::is_trivially_copyable_v<Event>,
                  "an event is a small plain struct, so a calendar can be copied");

  public:
    /// An event on its way to whoever handles it.
    struct Delivery {
        double time;
        EventHandle handle;  ///< the handle it had while it pended
        Event event;
    };

    /// What is next, without taking it.
    struct Preview {
        double time;
        EventHandle handle;
        const Event* event;  ///< valid until the calendar is next changed
    };

    /// A calendar whose clock stands at `start` ≥ 0.
    explicit Calendar(double start = 0) : now_(start) { expects(start >= 0, "time runs from 0"); }

    [[nodiscard]] double now() const { return now_; }
    [[nodiscard]] std::size_t pending() const { return live_; }
    [[nodiscard]] bool empty() const { return live_ == 0; }

    /// Bytes of memory held, without the calendar object itself.
    [[nodiscard]] std::size_t memory() const {
        return keys_.capacity() * sizeof(Key) + slots_.capacity() * sizeof(Slot);
    }

    /// Makes room for `events` pending events.
    void reserve(std::size_t events) {
        keys_.reserve(top + events + arity);
        slots_.reserve(events);
    }

    /// Back to an empty calendar at `start`, keeping the memory. Handles from before are void: don't use
    /// them.
    void clear(double start = 0) {
        expects(start >= 0, "time runs from 0");
        std::fill_n(keys_.begin() + (keys_.empty() ? 0 : top), size_, beyond_all);
        slots_.clear();
        free_ = no_slot;
        live_ = 0;
        size_ = 0;
        has_first_ = false;
        sequence_ = 1;
        now_ = start;
    }

    /// Puts an event on the calendar at `time` ≥ now().
    EventHandle schedule(double time, const Event& event, Priority priority = Priority::normal) {
        expects(can_happen_at(time), "an event is scheduled for the present or later, at a finite time");
        const std::uint32_t index = take_slot();
        Slot& slot = slots_[index];
        slot.event = event;
        slot.priority = priority;
        ++live_;
        insert(time, priority, index);
        return {index, slot.generation};
    }

    [[nodiscard]] bool is_pending(EventHandle handle) const {
        return handle.slot_ < slots_.size() && slots_[handle.slot_].generation == handle.generation_
               && slots_[handle.slot_].sequence != delivered;
    }

    /// Takes an event off. False, and nothing happens, where the handle names no pending event.
    bool cancel(EventHandle handle) {
        if (!is_pending(handle)) return false;
        release(handle.slot_);
        drop_stale_when_many();
        return true;
    }

    /// Moves an event to `time` ≥ now(), as if scheduled anew: among equals it goes last. The handle stays
    /// valid. False where the handle names no pending event.
    bool reschedule(EventHandle handle, double time) {
        if (!is_pending(handle)) return false;
        expects(can_happen_at(time), "an event is rescheduled to the present or later, to a finite time");
        Slot& slot = slots_[handle.slot_];
        if (time >= slot.time) {
            slot.time = time;
            slot.sequence = next_number();
            return true;
        }
        insert(time, slot.priority, handle.slot_);
        drop_stale_when_many();
        return true;
    }

    /// The next event; nothing where none pends.
    [[nodiscard]] std::optional<Preview> peek() {
        if (!settle()) return std::nullopt;
        const Slot& slot = slots_[slot_of(first_)];
        return Preview{time_of(first_), EventHandle{slot_of(first_), slot.generation}, &slot.event};
    }

    /// Time of the next event; infinity where none pends.
    [[nodiscard]] double next_time() {
        return settle() ? time_of(first_) : std::numeric_limits<double>::infinity();
    }

    /// Takes the next event and moves the clock to it; nothing where none pends.
    std::optional<Delivery> step() {
        if (!settle()) return std::nullopt;
        return take_first();
    }

    /// Delivers every event at or before `until` to `handler(const Delivery&)`, which may schedule, cancel
    /// and reschedule; then moves the clock to `until`, unless that is infinite. Returns how many were
    /// delivered.
    template <class Handler>
    std::size_t run_until(double until, Handler&& handler) {
        expects(until >= now_, "time runs forward");
        const std::uint64_t limit = detail::ordered_bits(until);
        std::size_t deliveries = 0;
        while (settle() && static_cast<std::uint64_t>(first_ >> 64) <= limit) {
            handler(take_first());
            ++deliveries;
        }
        if (until < std::numeric_limits<double>::infinity()) now_ = until;
        return deliveries;
    }

  private:
    // time (64 bits) | priority (8) | sequence number (32) | slot (24): one unsigned comparison orders two
    // events.
    __extension__ using Key = unsigned __int128;  // the extension that GCC and Clang share
    static constexpr int slot_bits = 24;
    static constexpr std::uint32_t no_slot = (1U << slot_bits) - 1;
    static constexpr std::uint32_t delivered =
        0;  // the sequence number of a slot that holds no pending event
    static constexpr Key beyond_all = ~Key{0};

    static constexpr std::size_t arity = 4;
    static constexpr std::size_t top =
        3;  // so that the children of i, 4 (i − 2) to 4 (i − 2) + 3, share a cache line

    struct Slot {
        Event event;
        double time;
        std::uint32_t sequence;
        // Of the key that stands for it, which is older where it was put off; of a free slot, the next free
        // one.
        std::uint32_t key_sequence;
        std::uint32_t generation;
        Priority priority;
    };

    [[nodiscard]] static constexpr std::size_t first_child(std::size_t i) { return arity * (i - 2); }
    [[nodiscard]] static constexpr std::size_t parent(std::size_t i) { return i / arity + 2; }
    [[nodiscard]] static double time_of(Key key) {
        return std::bit_cast<double>(static_cast<std::uint64_t>(key >> 64));
    }
    [[nodiscard]] static std::uint32_t slot_of(Key key) { return static_cast<std::uint32_t>(key) & no_slot; }
    [[nodiscard]] static std::uint32_t sequence_of(Key key) {
        return static_cast<std::uint32_t>(static_cast<std::uint64_t>(key) >> slot_bits);
    }
    [[nodiscard]] bool is_live(Key key) const { return slots_[slot_of(key)].sequence == sequence_of(key); }

    [[nodiscard]] bool can_happen_at(double time) const {
        return time >= now_ && time <= std::numeric_limits<double>::max();
    }

    std::uint32_t take_slot() {
        if (free_ != no_slot) [[likely]] {
            const std::uint32_t index = free_;
            free_ = slots_[index].key_sequence;
            return index;
        }
        expects(slots_.size() < no_slot, "at most 2^24 - 1 events pend at once");
        slots_.push_back({Event{}, 0, delivered, no_slot, 0, Priority::normal});
        return static_cast<std::uint32_t>(slots_.size() - 1);
    }

    void release(std::uint32_t index) {
        Slot& slot = slots_[index];
        slot.sequence = delivered;
        --live_;
        // A slot whose generations are used up is retired, so that no old handle can name a new event.
        if (++slot.generation == std::numeric_limits<std::uint32_t>::max()) [[unlikely]]
            return;
        slot.key_sequence = free_;
        free_ = index;
    }

    std::uint32_t next_number() {
        if (sequence_ >= numbers) [[unlikely]]
            renumber();
        return sequence_++;
    }

    [[nodiscard]] static Key key_of(double time, Priority priority, std::uint32_t sequence,
                                    std::uint32_t index) {
        // The lower half in 64 bits of its own: the compiler shifts 128 bits through memory.
        const std::uint64_t rank = std::uint64_t{static_cast<std::uint8_t>(priority)} << 56
                                   | std::uint64_t{sequence} << slot_bits | index;
        return Key{detail::ordered_bits(time)} << 64 | rank;
    }

    void insert(double time, Priority priority, std::uint32_t index) {
        const std::uint32_t sequence = next_number();
        Slot& slot = slots_[index];
        slot.time = time;
        slot.sequence = sequence;
        slot.key_sequence = sequence;
        Key key = key_of(time, priority, sequence, index);
        if (has_first_) {
            if (key < first_) std::swap(key, first_);
            push(key);
        } else {
            has_first_ = true;
            take_place(key);
        }
    }

    // Puts a key into the calendar where the first has been taken. Branches on the comparison, on purpose:
    // which of two clocks rings first can't be guessed, and what the handler then does follows from it, so
    // the one wrong guess is paid here, where it is found out soonest.
    void take_place(Key key) {
        if (size_ == 0 || key < keys_[top]) {
            first_ = key;
            return;
        }
        first_ = keys_[top];
        if (size_ == 1)
            keys_[top] = key;
        else
            sift_down(top, key);
    }

    void push(Key key) {
        const std::size_t last = top + size_;
        if (last + arity >= keys_.size()) grow();
        ++size_;
        std::size_t i = last;
        while (i > top) {
            const std::size_t up = parent(i);
            if (keys_[up] < key) break;
            keys_[i] = keys_[up];
            i = up;
        }
        keys_[i] = key;
    }

    // Entries past the end are kept beyond all keys, so that a walk down may look at four children unasked.
    [[gnu::noinline]] void grow() {
        const std::size_t room = std::max<std::size_t>(keys_.capacity(), 16);
        keys_.resize(std::max(room, keys_.size() + keys_.size() / 2 + arity), beyond_all);
    }

    // Of the four children from `child` on: a tournament of three comparisons without a branch.
    [[nodiscard]] std::size_t least_child(std::size_t child) const {
        const Key* const keys = keys_.data();
        const std::size_t left = child + static_cast<std::size_t>(keys[child + 1] < keys[child]);
        const std::size_t right = child + 2 + static_cast<std::size_t>(keys[child + 3] < keys[child + 2]);
        return keys[right] < keys[left] ? right : left;
    }

    void sift_down(std::size_t i, Key key) {
        const std::size_t end = top + size_;
        Key* const keys = keys_.data();
        for (;;) {
            const std::size_t child = first_child(i);
            if (child >= end) break;
            const std::size_t least = least_child(child);
            if (key < keys[least]) break;
            keys[i] = keys[least];
            i = least;
        }
        keys[i] = key;
    }

    Key pop() {
        const Key least = keys_[top];
        --size_;
        const std::size_t last = top + size_;
        const Key moved = keys_[last];
        keys_[last] = beyond_all;
        if (size_ > 0) sift_down(top, moved);
        return least;
    }

    // Makes the first key a live one; false where no event pends.
    bool settle() {
        if (has_first_ && is_live(first_)) [[likely]]
            return true;
        return find_first();
    }

    // Whether a key that is not live stands for an event that was put off.
    [[nodiscard]] bool stands_for_one_put_off(Key key) const {
        const Slot& slot = slots_[slot_of(key)];
        return slot.sequence != delivered && slot.key_sequence == sequence_of(key);
    }

    // The key of an event that was put off, in place of the one that stood for it.
    [[nodiscard]] Key renewed(Key key) {
        const std::uint32_t index = slot_of(key);
        Slot& slot = slots_[index];
        slot.key_sequence = slot.sequence;
        return key_of(slot.time, slot.priority, slot.sequence, index);
    }

    bool find_first() {
        if (has_first_ && stands_for_one_put_off(first_)) push(renewed(first_));
        has_first_ = false;
        while (size_ > 0) {
            first_ = pop();
            if (is_live(first_)) {
                has_first_ = true;
                return true;
            }
            if (stands_for_one_put_off(first_)) push(renewed(first_));
        }
        return false;
    }

    Delivery take_first() {
        const std::uint32_t index = slot_of(first_);
        now_ = time_of(first_);
        const Delivery delivery{now_, EventHandle{index, slots_[index].generation}, slots_[index].event};
        release(index);
        has_first_ = false;
        return delivery;
    }

    void drop_stale_when_many() {
        if (size_ > 2 * live_ + 64) [[unlikely]]
            rebuild();
    }

    // Keeps the live keys alone, in heap order again. Order of delivery is that of the keys, so it does not
    // change.
    [[gnu::noinline]] void rebuild() {
        const std::size_t end = top + size_;
        std::size_t kept = top;
        for (std::size_t i = top; i < end; ++i) {
            if (is_live(keys_[i]))
                keys_[kept++] = keys_[i];
            else if (stands_for_one_put_off(keys_[i]))
                keys_[kept++] = renewed(keys_[i]);
        }
        while (top + size_ > kept) keys_[top + --size_] = beyond_all;
        if (size_ < 2) return;
        for (std::size_t i = parent(top + size_ - 1) + 1; i-- > top;) sift_down(i, keys_[i]);
    }

    // Sequence numbers have run out: the pending events are numbered anew from 1 in their order.
    [[gnu::noinline]] void renumber() {
        if (settle()) push(first_);
        has_first_ = false;
        rebuild();
        sequence_ = 1;
        if (size_ == 0) return;
        std::sort(keys_.begin() + top, keys_.begin() + static_cast<std::ptrdiff_t>(top + size_));
        constexpr Key sequence_mask = Key{std::numeric_limits<std::uint32_t>::max()} << slot_bits;
        for (std::size_t i = top; i < top + size_; ++i) {
            keys_[i] = (keys_[i] & ~sequence_mask) | Key{sequence_} << slot_bits;
            Slot& slot = slots_[slot_of(keys_[i])];
            slot.key_sequence = slot.sequence = sequence_++;
        }
        find_first();
    }

    std::vector<Key, detail::LineAllocator<Key>> keys_;
    std::vector<Slot> slots_;
    Key first_ = 0;           // no key in the heap comes before it
    bool has_first_ = false;  // else it has been taken, and nothing put in its place yet
    std::size_t size_ = 0;    // keys in the heap, stale ones among them
    std::size_t live_ = 0;
    std::uint32_t free_ = no_slot;
    std::uint32_t sequence_ = 1;
    double now_ = 0;
};

}  // namespace venturi
