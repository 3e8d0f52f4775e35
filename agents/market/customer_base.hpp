// The accounts of one provider: a count, and a clock that rings when one of them leaves.
#pragma once

#include "sim/contract.hpp"
#include "sim/hazard_clock.hpp"

#include <cstdint>

namespace venturi {

/// Accounts join when they are told to and leave each at the same rate, independently: with Poisson arrivals
/// an M/M/∞ queue, whose number is Poisson with mean arrivals / churn (Kleinrock, Queueing Systems I, 1975,
/// section 3.4). One clock of hazard churn · accounts stands for all of them.
template <class Draws>
class CustomerBase {
  public:
    using Scalar = typename Draws::Scalar;

    [[nodiscard]] std::uint32_t accounts() const { return accounts_; }
    /// When the next one leaves if nothing changes; infinity where none does.
    [[nodiscard]] double next_departure() const { return departure_.rings_at(); }

    void start(Draws& draws, DrawSource& source, double now, std::uint32_t accounts, const Scalar& churn) {
        accounts_ = accounts;
        churn_ = churn;
        departure_.start(draws, source, now, hazard());
    }
    void join(Draws& draws, double now, std::uint32_t accounts = 1) {
        accounts_ += accounts;
        departure_.set_rate(draws, now, hazard());
    }
    /// The clock has rung: one account leaves.
    void leave(Draws& draws, DrawSource& source, double now) {
        expects(accounts_ > 0, "an account leaves a base that has one");
        departure_.ring(draws, now);
        --accounts_;
        departure_.start(draws, source, now, hazard());
    }
    /// Accounts leave that the clock did not ring for: for another provider, or for good.
    void lose(Draws& draws, double now, std::uint32_t accounts = 1) {
        expects(accounts_ >= accounts, "accounts leave a base that has them");
        accounts_ -= accounts;
        departure_.set_rate(draws, now, hazard());
    }
    /// The clock has rung, and the account that it rang for stays after all.
    void stay(Draws& draws, DrawSource& source, double now) {
        departure_.ring(draws, now);
        departure_.start(draws, source, now, hazard());
    }
    void set_churn(Draws& draws, double now, const Scalar& churn) {
        churn_ = churn;
        departure_.set_rate(draws, now, hazard());
    }
    /// The wait for the next departure is drawn afresh: see HazardClock.
    void renew(Draws& draws, DrawSource& source, double now) { departure_.renew(draws, source, now); }
    /// Everyone leaves at once; returns how many there were.
    std::uint32_t disband(Draws& draws, double now) {
        const std::uint32_t were = accounts_;
        accounts_ = 0;
        departure_.set_rate(draws, now, hazard());
        return were;
    }

  private:
    [[nodiscard]] Scalar hazard() const { return churn_ * static_cast<double>(accounts_); }

    std::uint32_t accounts_ = 0;
    Scalar churn_{0};
    HazardClock<Draws> departure_;
};

}  // namespace venturi
