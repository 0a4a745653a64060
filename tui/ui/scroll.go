package ui

// MoveCursor gives the cursor after a movement through count lines.
func MoveCursor(i Intent, cursor, count, page int) int {
	switch i {
	case IntentUp:
		cursor--
	case IntentDown:
		cursor++
	case IntentPageUp:
		cursor -= page
	case IntentPageDown:
		cursor += page
	case IntentFirst:
		cursor = 0
	case IntentLast:
		cursor = count - 1
	}
	return max(0, min(cursor, count-1))
}

// WheelLines is how far one notch of the wheel goes.
const WheelLines = 3

// ScrollBy moves the visible part of count lines by so many, and the cursor only as far as it takes to stay in it.
func ScrollBy(by, cursor, offset, room, count int) (newCursor, newOffset int) {
	newOffset = max(0, min(offset+by, count-room))
	if newOffset == offset {
		return cursor, offset
	}
	return max(newOffset, min(cursor, newOffset+room-1)), newOffset
}

// ScrollOffset keeps the cursor inside the visible part.
func ScrollOffset(cursor, offset, room, count int) int {
	if cursor < offset {
		offset = cursor
	}
	if cursor >= offset+room {
		offset = cursor - room + 1
	}
	return max(0, min(offset, count-room))
}
