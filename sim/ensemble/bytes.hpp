// Values to bytes and back, to the bit: so that what has been folded can outlive the process that folded it.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace venturi {

/// Bytes that are not what is read from them: too few, too many, or of another shape.
class BytesError : public std::runtime_error {
  public:
    explicit BytesError(const std::string& reason) : std::runtime_error(reason) {}
};

namespace detail {

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t size>
inline constexpr bool is_array<std::array<T, size>> = true;

template <class T>
concept Number = (std::is_arithmetic_v<T> && !std::same_as<T, bool>) || std::is_enum_v<T>;

}  // namespace detail

/// Appends values: numbers, texts, optionals, arrays and vectors of these, and whatever shows its parts by
///
///     template <class Self, class Visit>
///     static void visit_members(Self& self, Visit& visit) { visit(self.one); visit(self.other); }
///
/// in which it leaves out what one that was made the same way has anyhow. For the machine that reads it: byte
/// order and sizes are its own.
class ByteWriter {
  public:
    template <class T>
    void operator()(const T& value) {
        if constexpr (detail::Number<T>) {
            append(&value, sizeof value);
        } else if constexpr (std::same_as<T, bool>) {
            bytes_.push_back(value ? '\1' : '\0');
        } else if constexpr (std::same_as<T, std::string>) {
            size(value.size());
            bytes_ += value;
        } else if constexpr (detail::is_optional<T>) {
            (*this)(value.has_value());
            if (value) (*this)(*value);
        } else if constexpr (detail::is_array<T>) {
            for (const auto& each : value) (*this)(each);
        } else if constexpr (detail::is_vector<T>) {
            size(value.size());
            if constexpr (detail::Number<typename T::value_type>)
                append(value.data(), value.size() * sizeof(typename T::value_type));
            else
                for (const auto& each : value) (*this)(each);
        } else {
            T::visit_members(value, *this);
        }
    }

    [[nodiscard]] std::string take() { return std::move(bytes_); }

  private:
    void size(std::size_t size) { (*this)(static_cast<std::uint64_t>(size)); }
    void append(const void* from, std::size_t count) {
        if (count > 0) bytes_.append(static_cast<const char*>(from), count);
    }

    std::string bytes_;
};

/// Reads what a ByteWriter wrote, into values that were made as those were: a vector that has elements keeps
/// their number, and an empty one gets as many as were written. Throws BytesError where the bytes don't fit.
class ByteReader {
  public:
    explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

    template <class T>
    void operator()(T& value) {
        if constexpr (detail::Number<T>) {
            copy(&value, sizeof value);
        } else if constexpr (std::same_as<T, bool>) {
            char read = 0;
            copy(&read, 1);
            if (read != 0 && read != 1) throw BytesError("neither true nor false");
            value = read == 1;
        } else if constexpr (std::same_as<T, std::string>) {
            const std::size_t count = size(1);
            value.assign(bytes_.substr(0, count));
            bytes_.remove_prefix(count);
        } else if constexpr (detail::is_optional<T>) {
            bool is_there = false;
            (*this)(is_there);
            value.reset();
            if (is_there) (*this)(value.emplace());
        } else if constexpr (detail::is_array<T>) {
            for (auto& each : value) (*this)(each);
        } else if constexpr (detail::is_vector<T>) {
            read_vector(value);
        } else {
            T::visit_members(value, *this);
        }
    }

    void expect_end() const {
        if (!bytes_.empty()) throw BytesError("bytes are left over");
    }

  private:
    template <class T>
    void read_vector(std::vector<T>& value) {
        constexpr std::size_t least = detail::Number<T> ? sizeof(T) : 1;
        const std::size_t count = size(least);
        if (!value.empty() && count != value.size()) throw BytesError("a list of another length");
        if constexpr (detail::Number<T>) {
            value.resize(count);
            copy(value.data(), count * sizeof(T));
        } else {
            // One that can't be made from nothing has its number from how it was made.
            if constexpr (std::default_initializable<T>)
                value.resize(count);
            else if (count != value.size())
                throw BytesError("a list of another length");
            for (T& each : value) (*this)(each);
        }
    }

    // No more elements than there are bytes for, so that wrong bytes ask for no memory.
    [[nodiscard]] std::size_t size(std::size_t least) {
        std::uint64_t count = 0;
        (*this)(count);
        if (count > bytes_.size() / least) throw BytesError("bytes are missing");
        return static_cast<std::size_t>(count);
    }

    void copy(void* to, std::size_t count) {
        if (count > bytes_.size()) throw BytesError("bytes are missing");
        if (count > 0) std::memcpy(to, bytes_.data(), count);
        bytes_.remove_prefix(count);
    }

    std::string_view bytes_;
};

/// What shows its parts.
template <class T>
concept ShowsMembers = requires(const T& value, ByteWriter& writer) {
    T::visit_members(value, writer);
};

/// A value as bytes.
template <class T>
[[nodiscard]] std::string to_bytes(const T& value) {
    ByteWriter writer;
    writer(value);
    return writer.take();
}

/// The value that the bytes are of, read into one that was made as it was. Throws BytesError.
template <class T>
[[nodiscard]] T from_bytes(std::string_view bytes, T value = {}) {
    ByteReader reader(bytes);
    reader(value);
    reader.expect_end();
    return value;
}

}  // namespace venturi
