package penstock.sql;

/** What is wrong with a script, and where: {@code Line 13, column 20: Column 'ammount' not found in any table}. */
final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Wrong(int line, int column, String message, Throwable cause) {
        super("Line " + line + ", column " + column + ": " + message, cause);
    }

    /** {@code main} prints a stack for people who wrote Java. Whoever wrote SQL is told the sentence first. */
    @Override
    public String toString() {
        return getMessage();
    }
}
