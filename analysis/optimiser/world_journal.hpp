// What a search keeps of the histories that it has lived, so that another may go on from there.
#pragma once

#include "sim/ensemble/journal.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace venturi {

/// Names the pieces of a search by the order in which it asks for them. A search asks for the same histories
/// in the same order whenever it is the same search, so that what is found under a name is what would be
/// lived. One at a time asks.
class WorldJournal {
  public:
    explicit WorldJournal(const Journal& kept) : kept_(kept) {}

    /// The part of what is asked for next.
    [[nodiscard]] Journal next() { return kept_.part(std::to_string(asked_++)); }

  private:
    const Journal& kept_;
    std::uint64_t asked_ = 0;
};

/// The rows of trajectories that are taken in one after the other, kept in blocks; without a journal nothing
/// is.
template <class Row>
class JournaledRows {
  public:
    struct Kept {
        Row row = {};
        std::string failure = {};

        template <class Self, class Visit>
        static void visit_members(Self& self, Visit& visit) {
            visit(self.row);
            visit(self.failure);
        }
    };

    JournaledRows(WorldJournal* journal, std::uint64_t rows) : rows_(rows) {
        if (journal == nullptr) return;
        journal_ = journal->next();
        // What was kept is a beginning.
        while (found_.size() < rows_) {
            const auto bytes = journal_->find(std::to_string(found_.size() / block));
            if (!bytes) break;
            auto rows_of_block = from_bytes<std::vector<Kept>>(*bytes);
            if (rows_of_block.size() != std::min<std::uint64_t>(block, rows_ - found_.size()))
                throw BytesError("a block of another length");
            for (Kept& each : rows_of_block) found_.push_back(std::move(each));
        }
    }

    /// Null where it was not kept.
    [[nodiscard]] const Kept* find(std::uint64_t number) const {
        return number < found_.size() ? &found_[number] : nullptr;
    }

    /// In the order of numbers.
    void keep(std::uint64_t number, const Row& row, const std::string& failure) {
        if (!journal_ || number < found_.size()) return;
        waiting_.push_back({failure.empty() ? row : Row{}, failure});
        if (waiting_.size() < block && number + 1 < rows_) return;
        journal_->keep({{std::to_string(number / block), to_bytes(waiting_)}});
        waiting_.clear();
    }

  private:
    static constexpr std::size_t block = 8;

    std::uint64_t rows_;
    std::optional<Journal> journal_;
    std::vector<Kept> found_;
    std::vector<Kept> waiting_;
};

}  // namespace venturi
