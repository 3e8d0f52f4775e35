// What a long run keeps of its finished work, so that another may go on from there.
#pragma once

#include "sim/ensemble/bytes.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace venturi {

/// Bytes by name.
using JournalPieces = std::map<std::string, std::string>;

/// A piece of work that is found under its name need not be done again; what has been kept last under a name
/// counts. Pieces that are kept together are there together or not at all. Both functions may be called from
/// any thread, and throw what their keeper throws.
struct Journal {
    std::function<std::optional<std::string>(const std::string& name)> find = {};
    std::function<void(JournalPieces pieces)> keep = {};

    /// A part of it with names of its own.
    [[nodiscard]] Journal part(const std::string& name) const {
        return {.find = [find = find, name](const std::string& each) { return find(name + '/' + each); },
                .keep =
                    [keep = keep, prefix = name + '/'](const JournalPieces& pieces) {
                        JournalPieces named;
                        for (const auto& [each, bytes] : pieces) named.emplace(prefix + each, bytes);
                        keep(std::move(named));
                    }};
    }
};

/// A piece of work, and whether it was there already.
template <class Piece>
struct KeptPiece {
    Piece piece;
    bool was_found = false;
};

/// A piece of work as it is found in the journal, or else as it is done now and then kept; without a journal
/// it is done. `of_nothing` is such a piece as it is made. Throws BytesError where what is found is of
/// another shape.
template <class Piece, class Work>
[[nodiscard]] KeptPiece<Piece> kept_or_done(const Journal* journal, const std::string& name,
                                            const Piece& of_nothing, Work&& work) {
    if (journal == nullptr) return {std::forward<Work>(work)()};
    if (const std::optional<std::string> found = journal->find(name))
        return {from_bytes<Piece>(*found, of_nothing), true};
    Piece piece = std::forward<Work>(work)();
    journal->keep({{name, to_bytes(piece)}});
    return {std::move(piece)};
}

}  // namespace venturi
