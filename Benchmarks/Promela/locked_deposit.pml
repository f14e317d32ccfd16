/* Twin of Families/locked_deposit.heddle; see unlocked_deposit.pml for its end. */
#ifndef N
#define N 4
#endif

bit guard;
short balance;
byte ended;

active [N] proctype deposit() {
  short current;
  d_step { !guard; guard = 1 }
  current = balance;
  d_step { balance = current + 100; current = 0 }
  d_step { guard = 0; ended++ }
end:
  false
}

active proctype final() {
  d_step { ended == N; assert(balance == 100 * N) }
end:
  false
}
