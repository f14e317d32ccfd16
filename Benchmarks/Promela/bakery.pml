/* Twin of Families/bakery.heddle, for at least two processes; see unlocked_deposit.pml for its end. */
#ifndef N
#define N 2
#endif

bit choosing[N];
byte number[N];
byte counter;
byte ended;

#define HIGHEST (number[other] > mine -> number[other] : mine)
#define FIRST (_pid == 0 -> 1 : 0)
#define NEXT (other + 1 == _pid -> other + 2 : other + 1)
#define MAY_PASS \
  (number[other] == 0 || number[other] > mine || (number[other] == mine && other > _pid))

active [N] proctype customer() {
  byte mine, other, seen;
  choosing[_pid] = 1;
collect:
  if
  :: d_step { other < N - 1; mine = HIGHEST; other++ } goto collect
  :: d_step { other == N - 1; mine = HIGHEST + 1; other = 0 }
  fi;
  number[_pid] = mine;
  d_step { choosing[_pid] = 0; other = FIRST }
wait_choosing:
  if
  :: choosing[other] -> goto wait_choosing
  :: !choosing[other]
  fi;
wait_number:
  if
  :: !MAY_PASS -> goto wait_number
  :: d_step { MAY_PASS && NEXT < N; other = NEXT } goto wait_choosing
  :: d_step { MAY_PASS && NEXT >= N; other = 0; mine = 0 }
  fi;
  seen = counter;
  d_step { counter = seen + 1; seen = 0 }
  d_step { number[_pid] = 0; ended++ }
end:
  false
}

active proctype final() {
  d_step { ended == N; assert(counter == N) }
end:
  false
}
