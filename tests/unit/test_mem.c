#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "suite.h"

START_TEST(memory_is_zeroed_and_aligned)
{
    for (size_t count = 0; count < 300; count += 7) {
        unsigned char *memory = mem_alloc(count, 3);
        ck_assert_ptr_nonnull(memory);
        ck_assert_uint_eq((uintptr_t)memory % MEM_ALIGNMENT, 0);
        for (size_t i = 0; i < count * 3; i++)
            ck_assert_uint_eq(memory[i], 0);
        memset(memory, 0xa5, count * 3); /* what comes next may be the same block */
        mem_free(memory);
    }
}
END_TEST

START_TEST(large_memory_can_be_used_to_its_end)
{
    static const size_t sizes[] = {0, 1, 4096, ((size_t)2 << 20) - 1, (size_t)2 << 20, ((size_t)5 << 20) + 17};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        unsigned char *memory = mem_alloc_large(sizes[i], 1);
        ck_assert_ptr_nonnull(memory);
        ck_assert_uint_eq((uintptr_t)memory % MEM_ALIGNMENT, 0);
        memset(memory, 0xa5, sizes[i]);
        mem_free(memory);
    }
}
END_TEST

START_TEST(sizes_that_overflow_are_refused)
{
    ck_assert_ptr_null(mem_alloc_large(SIZE_MAX, 1));
    ck_assert_ptr_null(mem_alloc_large(SIZE_MAX / 8 + 2, 8));
    ck_assert_ptr_null(mem_alloc(SIZE_MAX, 2));
    ck_assert_ptr_null(mem_alloc(2, SIZE_MAX));
    ck_assert_ptr_null(mem_alloc(SIZE_MAX, 1));
    ck_assert_ptr_null(mem_alloc(SIZE_MAX / 8 + 2, 8)); /* comes to 8 when it wraps */
}
END_TEST

START_TEST(resizing_keeps_the_old_and_zeroes_the_new)
{
    int *numbers = mem_alloc(5, sizeof *numbers);
    for (int i = 0; i < 5; i++)
        numbers[i] = i + 1;
    int *grown = mem_resize(numbers, 5, 100, sizeof *grown);
    ck_assert_ptr_nonnull(grown);
    ck_assert_uint_eq((uintptr_t)grown % MEM_ALIGNMENT, 0);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(grown[i], i < 5 ? i + 1 : 0);
    int *shrunk = mem_resize(grown, 100, 3, sizeof *shrunk);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(shrunk[i], i + 1);
    ck_assert_ptr_null(mem_resize(shrunk, 3, SIZE_MAX / 2, sizeof *shrunk));
    ck_assert_int_eq(shrunk[2], 3);
    mem_free(shrunk);
    mem_free(mem_resize(NULL, 0, 4, 4));
    mem_free(NULL);
}
END_TEST

START_TEST(strings_are_copied)
{
    char text[] = "spiral";
    char *copy = mem_string(text);
    text[0] = 'x';
    ck_assert_str_eq(copy, "spiral");
    mem_free(copy);
}
END_TEST

Suite *make_suite(void)
{
    Suite *suite = suite_create("mem");
    TCase *tests = tcase_create("mem");
    tcase_add_test(tests, memory_is_zeroed_and_aligned);
    tcase_add_test(tests, large_memory_can_be_used_to_its_end);
    tcase_add_test(tests, sizes_that_overflow_are_refused);
    tcase_add_test(tests, resizing_keeps_the_old_and_zeroes_the_new);
    tcase_add_test(tests, strings_are_copied);
    suite_add_tcase(suite, tests);
    return suite;
}
