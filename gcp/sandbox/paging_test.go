package sandbox

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// readAll reads a list page by page, as it is when each page is asked for, and
// lets between happen before the next.
func readAll[T any](t *rapid.T, size int32, now func() list[T], between func()) []T {
	var found []T
	for token := ""; ; between() {
		part, next, err := readPage(now(), size, token, "scope", 1000)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, part...)
		if next == "" {
			return found
		}
		token = next
	}
}

// numberedItem is a thing that comes and goes, and its order.
type numberedItem int

func byOrder(things []numberedItem) list[numberedItem] {
	return listOrdered(things, func(m numberedItem) int { return int(m) }, func(m numberedItem) bool { return m%3 != 0 })
}

// TestPagesUnderWrites takes things out of a list and adds some while it is
// read: none that stays may be lost, none may come twice.
func TestPagesUnderWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var things []numberedItem
		last := numberedItem(0)
		add := func(n int) {
			for range n {
				last++
				things = append(slices.Clip(things), last)
			}
		}
		add(rapid.IntRange(0, 40).Draw(t, "at first"))
		stays := slices.Clone(things)
		found := readAll(t, int32(rapid.IntRange(1, 10).Draw(t, "page size")), func() list[numberedItem] { return byOrder(things) }, func() {
			add(rapid.IntRange(0, 2).Draw(t, "added"))
			for range rapid.IntRange(0, 3).Draw(t, "deleted") {
				gone := rapid.SampledFrom(append([]numberedItem{-1}, things...)).Draw(t, "gone")
				keep := func(m numberedItem) bool { return m == gone }
				things, stays = slices.DeleteFunc(slices.Clone(things), keep), slices.DeleteFunc(slices.Clone(stays), keep)
			}
			if len(things) > 200 { // the additions must not outrun the reading
				things = things[:200]
			}
		})
		if !slices.IsSorted(found) || len(slices.Compact(slices.Clone(found))) != len(found) {
			t.Fatalf("found %v", found)
		}
		for _, m := range stays {
			if slices.Contains(found, m) != (m%3 != 0) {
				t.Fatalf("%d fits %v, found %v", m, m%3 != 0, found)
			}
		}
	})
}

// TestNestedPages compares what pages give, of any size, with the whole.
func TestNestedPages(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := rapid.SliceOfN(rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(0, 9), 0, 3), 0, 3), 0, 4).Draw(t, "tree")
		even := func(n int) bool { return n%2 == 0 }
		of := flatMapList(listOf(tree), func(twigs [][]int) list[string] {
			return flatMapList(listFiltered(twigs, func(twig []int) bool { return len(twig) != 2 }), func(twig []int) list[string] {
				return mapList(filterList(listOf(twig), even), func(n int) string { return fmt.Sprint(n) })
			})
		})
		var want []string
		for _, twigs := range tree {
			for _, twig := range twigs {
				for _, n := range twig {
					if len(twig) != 2 && even(n) {
						want = append(want, fmt.Sprint(n))
					}
				}
			}
		}
		if got := slices.Collect(all(of)); !slices.Equal(got, want) {
			t.Fatalf("the whole is %v, want %v", got, want)
		}
		size := int32(rapid.IntRange(1, 5).Draw(t, "page size"))
		if got := readAll(t, size, func() list[string] { return of }, func() {}); !slices.Equal(got, want) {
			t.Fatalf("the pages give %v, want %v", got, want)
		}
	})
}

// TestPageLooksAtFew counts what a page looks at: as many as it gives, wherever
// it is in the list, and a bounded number when few fit.
func TestPageLooksAtFew(t *testing.T) {
	const many = 200_000
	looked := 0
	count := func(every int) list[int] {
		things := make([]int, many)
		for i := range things {
			things[i] = i
		}
		return listFiltered(things, func(i int) bool {
			looked++
			return i%every == 0
		})
	}
	full, sparse := count(1), count(many/2)
	_, next, err := readPage(full, 100, "", "s", 100)
	if err != nil || looked != 101 {
		t.Errorf("a first page looked at %d: %v", looked, err)
	}
	late := encodePageToken(position{many - 150}, "s")
	looked = 0
	part, _, err := readPage(full, 100, late, "s", 100)
	if err != nil || looked != 101 || part[0] != many-150 {
		t.Errorf("a late page looked at %d: %v", looked, err)
	}
	if _, _, err := readPage(full, 100, next, "other", 100); err == nil {
		t.Error("another list's token must be refused")
	}
	var found []int
	pages := 0
	for token := ""; pages == 0 || token != ""; pages++ {
		looked = 0
		part, next, err := readPage(sparse, 100, token, "s", 100)
		if err != nil || looked > maxScanned+1 {
			t.Fatalf("a page with few that fit looked at %d: %v", looked, err)
		}
		found, token = append(found, part...), next
	}
	if pages != many/maxScanned || !slices.Equal(found, []int{0, many / 2}) {
		t.Errorf("%d pages gave %v", pages, found)
	}
}

func FuzzTokens(f *testing.F) {
	f.Add(encodePageToken(position{1, 2, 3}, "s"))
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		if at, err := decodePageToken(token, "s"); err == nil && encodePageToken(at, "s") != token {
			t.Errorf("%q is read as %v", token, at)
		}
	})
}
