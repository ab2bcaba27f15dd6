"""From the decision to the euro paid: conventions, payments, refunds, withdrawals."""
