/* Twin of Families/lastzero.heddle. */
#ifndef N
#define N 3
#endif

byte cell[N + 1];

active [N] proctype writer() {
  byte before;
  before = cell[_pid];
  d_step { cell[_pid + 1] = before + 1; before = 0 }
end:
  false
}

active proctype checker() {
  byte position = N;
  do
  :: atomic { cell[position] != 0 -> position-- }
  :: atomic { cell[position] == 0 -> position = 0; break }
  od;
end:
  false
}
