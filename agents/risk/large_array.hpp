// A block of zeroed memory that may be very large and is accessed at random.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace venturi {

/// `size` values of T, all bits zero. Asks for huge pages where the system has them: random access to
/// hundreds of megabytes spends a fifth of its time on finding pages otherwise.
template <class T>
requires std::is_trivially_copyable_v<T>
class LargeArray {
  public:
    LargeArray() = default;
    explicit LargeArray(std::size_t size) : size_(size) {
        const std::size_t alignment = bytes() < huge_page ? alignof(std::max_align_t) : huge_page;
        const std::size_t rounded = (bytes() + alignment - 1) / alignment * alignment;
        if (rounded == 0) return;
        data_.reset(static_cast<T*>(std::aligned_alloc(alignment, rounded)));
        if (data_ == nullptr) throw std::bad_alloc();
#ifdef __linux__
        // Advice: where it isn't taken the array is only slower.
        if (alignment == huge_page) static_cast<void>(madvise(data_.get(), rounded, MADV_HUGEPAGE));
#endif
        std::memset(static_cast<void*>(data_.get()), 0, bytes());
    }

    [[nodiscard]] std::size_t size() const {
        return size_;
    }
    [[nodiscard]] std::size_t bytes() const {
        return size_ * sizeof(T);
    }
    [[nodiscard]] T& operator[](std::size_t i) {
        return data_.get()[i];
    }
    [[nodiscard]] const T& operator[](std::size_t i) const {
        return data_.get()[i];
    }
    [[nodiscard]] T* begin() {
        return data_.get();
    }
    [[nodiscard]] T* end() {
        return data_.get() + size_;
    }

  private:
    static constexpr std::size_t huge_page = std::size_t{2} << 20;
    struct Free {
        void operator()(T* data) const { std::free(data); }
    };

    std::unique_ptr<T, Free> data_;
    std::size_t size_ = 0;
};

}  // namespace venturi
