// Cash: between events it moves in a straight line, so the instant at which it is gone can be asked for.
#pragma once

#include <limits>

namespace venturi {

/// A balance in dollars that changes by `flow` dollars a month, and by deposits and withdrawals at events.
class CashAccount {
  public:
    CashAccount() = default;
    CashAccount(double balance, double now) : balance_(balance), since_(now) {}

    [[nodiscard]] double balance(double time) const { return balance_ + flow_ * (time - since_); }
    [[nodiscard]] double flow() const { return flow_; }

    /// When the balance falls to `level` if nothing changes; the time of the last change where it is there
    /// already, infinity where it never falls so far.
    [[nodiscard]] double falls_to(double level) const {
        if (balance_ <= level) return since_;
        return flow_ < 0 ? since_ + (balance_ - level) / -flow_ : std::numeric_limits<double>::infinity();
    }
    [[nodiscard]] double runs_out_at() const { return falls_to(0); }

    /// Months until the cash is gone, seen at `time`; infinity for a company that does not burn cash.
    [[nodiscard]] double runway(double time) const {
        return flow_ < 0 ? balance(time) / -flow_ : std::numeric_limits<double>::infinity();
    }

    void set_flow(double now, double flow) {
        settle(now);
        flow_ = flow;
    }
    /// Adds `amount`, which is negative for a withdrawal.
    void deposit(double now, double amount) {
        settle(now);
        balance_ += amount;
    }

  private:
    void settle(double now) {
        balance_ = balance(now);
        since_ = now;
    }

    double balance_ = 0;
    double flow_ = 0;
    double since_ = 0;
};

}  // namespace venturi
