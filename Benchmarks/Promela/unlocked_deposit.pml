/* Twin of Families/unlocked_deposit.heddle. A process that has ended stays at a valid end state, so that its
   death is no step; the process `final` stands for `finally`. */
#ifndef N
#define N 3
#endif
#ifndef LEAST
#define LEAST 100
#endif

short balance;
byte ended;

active [N] proctype deposit() {
  short current;
  current = balance;
  d_step { balance = current + 100; current = 0; ended++ }
end:
  false
}

active proctype final() {
  d_step { ended == N; assert(balance >= LEAST) }
end:
  false
}
