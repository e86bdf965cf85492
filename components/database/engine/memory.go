package engine

import (
	"regexp"
	"strconv"
	"strings"
)

// IAM logins need memory besides the buffer pool. RDS recommends 300 to 1,000 MiB for reliable logins, and smaller
// buffers on burstable classes (Amazon RDS User Guide, "IAM database authentication", recommendations).
const (
	MinSpareMiB  = 300
	fullSpareMiB = 1000
)

// reservedMiB is an estimate of what the operating system, RDS's processes and MySQL without its buffer pool use. Of
// the 1,024 MiB of a db.t3.micro, DBInstanceClassMemory is at most 341: its pool of 256 MiB is three quarters of that,
// rounded up to chunks of 128.
const reservedMiB = 700

const (
	gibibyte = 1024
	mebibyte = 1 << 20
	// chunkMiB is MySQL's innodb_buffer_pool_chunk_size; the size of a pool is a multiple of it.
	chunkMiB = 128
	percent  = 100
)

// MemoryMiB returns the memory of an instance class that CheckClass accepts, or 0.
func MemoryMiB(class string) int {
	match := classForm.FindStringSubmatch(class)
	if match == nil {
		return 0
	}

	return classes()[match[1]][match[2]] * gibibyte
}

// ownPoolMiB is the buffer pool that RDS gives MySQL 8.4 (Amazon RDS User Guide, "Configuring buffer pool size and redo
// log capacity in MySQL 8.4"). On a class of 1 GiB, the server detects less than 1 GiB of memory.
func ownPoolMiB(class string) int {
	switch memory := MemoryMiB(class); {
	case memory <= gibibyte:
		return chunkMiB
	case memory <= 4*gibibyte:
		return memory * 50 / percent
	default:
		return memory * 75 / percent
	}
}

// BufferPool is the value of innodb_buffer_pool_size, in bytes, with which IAM logins have the memory that they need.
// It is "" if RDS's own pool is small enough, or if no pool would be.
func BufferPool(class string) string {
	left := MemoryMiB(class) - reservedMiB - fullSpareMiB
	pool := left / chunkMiB * chunkMiB

	if pool < chunkMiB || pool >= ownPoolMiB(class) {
		return ""
	}

	return strconv.Itoa(pool * mebibyte)
}

// formula matches a share of the class's memory in the value of an RDS parameter.
var formula = regexp.MustCompile(`^\{DBInstanceClassMemory\*(\d+)/(\d+)\}$`)

// SpareMiB estimates the memory of a class besides a buffer pool. pool is the value of innodb_buffer_pool_size, or ""
// for RDS's own. It reports false for a formula that it cannot evaluate.
func SpareMiB(class, pool string) (int, bool) {
	available := MemoryMiB(class) - reservedMiB

	if pool == "" {
		return available - ownPoolMiB(class), true
	}

	if size, err := strconv.Atoi(pool); err == nil {
		return available - size/mebibyte, true
	}

	match := formula.FindStringSubmatch(strings.ReplaceAll(pool, " ", ""))
	if match == nil {
		return 0, false
	}

	times, _ := strconv.Atoi(match[1])

	over, _ := strconv.Atoi(match[2])
	if over == 0 {
		return 0, false
	}

	return available - available*times/over, true
}
