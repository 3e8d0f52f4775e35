#include "tests/fuzz/mutation.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace venturi::fuzz {
namespace {

constexpr std::size_t most_bytes = std::size_t{16} << 10;

/// SplitMix64 (Steele, Lea & Flood 2014): the same numbers everywhere, and one addition to begin anew.
class Numbers {
  public:
    explicit Numbers(std::uint64_t state) : state_(state) {}

    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }
    /// From 0 to below `end`, which is above 0; that some come a little more often doesn't matter here.
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }

  private:
    std::uint64_t state_;
};

struct Piece {
    std::size_t begin = 0;
    std::size_t size = 0;
};

bool is_of_word(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.'
           || (c & '\x80') != 0;
}

template <class Belongs>
std::vector<Piece> pieces_of(std::string_view text, const Belongs& belongs) {
    std::vector<Piece> pieces;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && belongs(text[end])) ++end;
        if (end > at) pieces.push_back({at, end - at});
        at = std::max(end, at + 1);
    }
    return pieces;
}

std::vector<Piece> words_of(std::string_view text) {
    return pieces_of(text, is_of_word);
}

std::vector<Piece> numbers_of(std::string_view text) {
    std::vector<Piece> numbers;
    for (const Piece& word : words_of(text))
        if (text[word.begin] >= '0' && text[word.begin] <= '9') numbers.push_back(word);
    return numbers;
}

std::vector<Piece> lines_of(std::string_view text) {
    std::vector<Piece> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        lines.push_back({at, end - at});
        at = end;
    }
    return lines;
}

// Mostly short, sometimes all there is.
Piece any_piece(std::string_view text, Numbers& numbers) {
    const std::size_t begin = numbers.below(text.size() + 1);
    const std::size_t rest = text.size() - begin;
    const std::size_t most = numbers.below(4) == 0 ? rest : std::min<std::size_t>(rest, 12);
    return {begin, numbers.below(most + 1)};
}

std::string_view view(std::string_view text, Piece piece) {
    return text.substr(piece.begin, piece.size);
}

void swap_pieces(std::string& text, Piece one, Piece other) {
    if (one.begin > other.begin) std::swap(one, other);
    if (one.begin + one.size > other.begin) return;
    const std::string first(view(text, one));
    const std::string second(view(text, other));
    text.replace(other.begin, other.size, first);
    text.replace(one.begin, one.size, second);
}

std::string_view odd_number(Numbers& numbers) {
    constexpr auto odd = std::to_array<std::string_view>({"0",
                                                          "-1",
                                                          "-0",
                                                          "1e308",
                                                          "1e309",
                                                          "-1e308",
                                                          "1e-300",
                                                          "1e-400",
                                                          "5e-324",
                                                          "nan",
                                                          "inf",
                                                          "-inf",
                                                          "2.5",
                                                          "1/3",
                                                          "1e99",
                                                          "0x10",
                                                          "1,000",
                                                          "1,5",
                                                          "1.",
                                                          ".5",
                                                          "1e",
                                                          "+1",
                                                          "00",
                                                          "255",
                                                          "256",
                                                          "65536",
                                                          "1e18",
                                                          "1%",
                                                          "$1",
                                                          "1e400%",
                                                          "3.0k",
                                                          "1e300",
                                                          "2",
                                                          "999999999999",
                                                          "4294967295",
                                                          "4294967296",
                                                          "9223372036854775807",
                                                          "9223372036854775808",
                                                          "18446744073709551615",
                                                          "18446744073709551616"});
    return odd[numbers.below(odd.size())];
}

std::string_view odd_text(Numbers& numbers) {
    using namespace std::string_view_literals;
    constexpr auto odd = std::to_array<std::string_view>({"\0"sv,
                                                          "\t"sv,
                                                          "\n"sv,
                                                          "\r\n"sv,
                                                          "\r"sv,
                                                          " "sv,
                                                          "\""sv,
                                                          "'"sv,
                                                          "<"sv,
                                                          ">"sv,
                                                          "&"sv,
                                                          ";"sv,
                                                          ","sv,
                                                          ":"sv,
                                                          ": "sv,
                                                          "="sv,
                                                          "/"sv,
                                                          "\\"sv,
                                                          "#"sv,
                                                          "%"sv,
                                                          "*"sv,
                                                          "!"sv,
                                                          "- "sv,
                                                          "-"sv,
                                                          "+"sv,
                                                          "."sv,
                                                          "|"sv,
                                                          "~"sv,
                                                          "["sv,
                                                          "]"sv,
                                                          "{"sv,
                                                          "}"sv,
                                                          "("sv,
                                                          ")"sv,
                                                          "?"sv,
                                                          "\f"sv,
                                                          "\x7F"sv,
                                                          "\x80"sv,
                                                          "\xFF"sv,
                                                          "\xFE\xFF"sv,
                                                          "\xEF\xBB\xBF"sv,
                                                          "\xEF\xBF\xBE"sv,
                                                          "\xC2\x9B"sv,
                                                          "\xE2\x80\xAE"sv,
                                                          "\xED\xA0\x80"sv,
                                                          "\xF4\x90\x80\x80"sv,
                                                          "\xC0\x80"sv,
                                                          "&#0;"sv,
                                                          "&amp;"sv,
                                                          "<!--"sv,
                                                          "]]>"sv,
                                                          "<![CDATA["sv,
                                                          "null"sv,
                                                          "true"sv,
                                                          "{}"sv,
                                                          "[]"sv,
                                                          "\"\""sv,
                                                          "''"sv});
    return odd[numbers.below(odd.size())];
}

}  // namespace

Mutator::Mutator(std::vector<std::string> corpus, std::uint64_t seed)
    : corpus_(std::move(corpus)), seed_(seed) {
    std::set<std::string> words;
    for (const std::string& text : corpus_)
        for (const Piece& word : words_of(text)) words.emplace(view(text, word));
    words_.assign(words.begin(), words.end());
}

std::string Mutator::mutant(std::uint64_t number) const {
    Numbers numbers(Numbers(seed_).next() ^ Numbers(number).next());
    std::string text = corpus_[numbers.below(corpus_.size())];
    // One change is as likely as two or more together, and so on.
    std::size_t changes = 1;
    while (changes < 8 && numbers.below(2) == 0) ++changes;
    for (std::size_t i = 0; i < changes; ++i) {
        const Piece piece = any_piece(text, numbers);
        const auto pick = [&](const std::vector<Piece>& pieces) {
            return pieces.empty() ? Piece{} : pieces[numbers.below(pieces.size())];
        };
        const auto replace = [&](Piece from, std::string_view by) {
            text.replace(from.begin, from.size, std::string(by));
        };
        // Numbers are drawn one after another, and not as arguments of one call: in which order these are
        // drawn is up to the compiler.
        const std::size_t kind = numbers.below(13);
        switch (kind) {
            case 0:
                if (piece.begin < text.size())
                    text[piece.begin] = static_cast<char>(static_cast<unsigned char>(text[piece.begin])
                                                          ^ (1U << numbers.below(8)));
                break;
            case 1:
                replace({piece.begin, 0}, odd_text(numbers));
                break;
            case 2:
                replace({piece.begin, std::min<std::size_t>(1, piece.size)}, odd_text(numbers));
                break;
            case 3:
                replace(piece, "");
                break;
            case 4: {
                const std::string copy(view(text, piece));
                const std::size_t times = numbers.below(8) == 0 ? 1 + numbers.below(300) : 1;
                std::string copies;
                for (std::size_t k = 0; k < times && copies.size() < most_bytes; ++k) copies += copy;
                replace({piece.begin, 0}, copies);
                break;
            }
            case 5: {
                const std::string& other = corpus_[numbers.below(corpus_.size())];
                replace(piece, view(other, any_piece(other, numbers)));
                break;
            }
            case 6:
            case 7: {
                const Piece digits = pick(kind == 6 ? numbers_of(text) : words_of(text));
                replace(digits, odd_number(numbers));
                break;
            }
            case 8: {
                const Piece word = pick(words_of(text));
                if (!words_.empty()) replace(word, words_[numbers.below(words_.size())]);
                break;
            }
            case 9:
            case 10: {
                const std::vector<Piece> pieces = kind == 9 ? words_of(text) : lines_of(text);
                const Piece one = pick(pieces);
                swap_pieces(text, one, pick(pieces));
                break;
            }
            case 11: {
                const Piece line = pick(lines_of(text));
                const std::string copy(view(text, line));
                if (numbers.below(2) == 0)
                    replace(line, "");
                else
                    replace({line.begin, 0}, copy);
                break;
            }
            default:
                text.resize(piece.begin);
                break;
        }
        if (text.size() > most_bytes) text.resize(most_bytes);
    }
    return text;
}

std::string as_literal(std::string_view bytes) {
    constexpr char octal = 8;
    std::string literal;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            literal += "\\n";
        } else if (c == '"' || c == '\\') {
            literal += {'\\', c};
        } else if (byte >= ' ' && byte < 0x7F) {
            literal += c;
        } else {  // in octal, which ends after three digits whatever follows
            literal += {'\\', static_cast<char>('0' + byte / (octal * octal)),
                        static_cast<char>('0' + byte / octal % octal), static_cast<char>('0' + byte % octal)};
        }
    }
    return literal;
}

}  // namespace venturi::fuzz
