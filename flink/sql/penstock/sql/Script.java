package penstock.sql;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.internal.TableEnvironmentInternal;
import org.apache.flink.table.operations.ExplainOperation;
import org.apache.flink.table.operations.Operation;
import org.apache.flink.table.operations.ShowOperation;
import org.apache.flink.table.operations.SinkModifyOperation;
import org.apache.flink.table.operations.DescribeTableOperation;
import org.apache.flink.table.operations.command.ResetOperation;
import org.apache.flink.table.operations.command.SetOperation;
import org.apache.flink.table.operations.ddl.CreateOperation;
import org.apache.flink.table.operations.ddl.AlterOperation;
import org.apache.flink.table.operations.ddl.DropOperation;
import org.apache.flink.table.operations.UseOperation;
import org.apache.flink.table.operations.LoadModuleOperation;
import org.apache.flink.table.operations.UnloadModuleOperation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs a script of Flink SQL as the one job of a cluster. Definitions take effect one by one; all that it inserts is one
 * job. The script is the only argument: it comes from a file of the run, and no command line has it.
 */
public final class Script {
    private final TableEnvironment tables;
    private final StatementSet set;
    private final List<Statements.Statement> inserts = new ArrayList<>();

    private Script(List<Statements.Statement> statements) {
        tables = TableEnvironment.create(EnvironmentSettings.newInstance().withConfiguration(mode(statements)).build());
        set = tables.createStatementSet();
    }

    /** {@code SCRIPT}. */
    public static void main(String[] arguments) throws Exception {
        List<Statements.Statement> statements = Statements.of(arguments.length == 1 ? arguments[0] : "");
        if (statements.isEmpty()) {
            throw new Wrong(1, 1, "The script holds no statement.", null);
        }
        Script script = new Script(statements);
        for (Statements.Statement statement : statements) {
            script.take(statement);
        }
        script.run();
    }

    private void run() throws Exception {
        if (inserts.isEmpty()) {
            // Flink calls an application without a job failed. This one has done all that it says.
            StreamExecutionEnvironment nothing = StreamExecutionEnvironment.getExecutionEnvironment();
            nothing.fromSequence(1, 1).name("Definitions alone").setParallelism(1).sinkTo(new DiscardingSink<>()).setParallelism(1);
            nothing.execute();
            return;
        }
        try {
            set.execute();
        } catch (RuntimeException problem) {
            // Of a set Flink does not tell which one it is. Each by itself tells.
            for (Statements.Statement insert : inserts) {
                try {
                    tables.explainSql(insert.inPlace());
                } catch (RuntimeException its) {
                    throw Place.of(insert, its);
                }
            }
            throw Place.of(inserts.get(0), problem);
        }
    }

    private void take(Statements.Statement statement) {
        try {
            if (statement.begins("SET") || statement.begins("RESET")) {
                configure(statement);
                return;
            }
            Operation operation = parsed(statement.inPlace());
            if (operation instanceof SinkModifyOperation) {
                set.addInsertSql(statement.inPlace());
                inserts.add(statement);
            } else if (isDefinition(operation)) {
                tables.executeSql(statement.inPlace());
            } else if (isQuestion(operation)) {
                System.out.println("> " + statement.title());
                tables.executeSql(statement.inPlace()).print();
            } else {
                throw new Wrong(statement.line, statement.column, refused(statement, operation), null);
            }
        } catch (Wrong wrong) {
            throw wrong;
        } catch (RuntimeException problem) {
            throw Place.of(statement, problem);
        }
    }

    private Operation parsed(String statement) {
        return ((TableEnvironmentInternal) tables).getParser().parse(statement).get(0);
    }

    /** Flink's parser knows these by their beginning alone, so they stand in no place. */
    private void configure(Statements.Statement statement) {
        Operation operation = parsed(statement.text);
        if (operation instanceof SetOperation && ((SetOperation) operation).getKey().isPresent()) {
            SetOperation set = (SetOperation) operation;
            tables.getConfig().set(set.getKey().get().trim(), set.getValue().get().trim());
        } else if (operation instanceof ResetOperation && ((ResetOperation) operation).getKey().isPresent()) {
            tables.getConfig().getConfiguration().removeKey(((ResetOperation) operation).getKey().get().trim());
        } else {
            throw new Wrong(statement.line, statement.column, "Name an option: SET 'key' = 'value', or RESET 'key'.", null);
        }
    }

    /** Whether it is a batch job has to be known before the first statement: by the script, or else by the cluster. */
    private static Configuration mode(List<Statements.Statement> statements) {
        Configuration configuration = new Configuration();
        StreamExecutionEnvironment.getExecutionEnvironment()
                .getConfiguration()
                .getOptional(ExecutionOptions.RUNTIME_MODE)
                .ifPresent(mode -> configuration.set(ExecutionOptions.RUNTIME_MODE, mode));
        String key = ExecutionOptions.RUNTIME_MODE.key();
        for (Statements.Statement statement : statements) {
            if (statement.begins("SET") && statement.text.contains(key)) {
                String value = statement.text.substring(statement.text.indexOf(key) + key.length());
                boolean batch = value.toLowerCase(Locale.ROOT).contains("batch");
                configuration.setString(key, batch ? "BATCH" : "STREAMING");
            }
        }
        return configuration;
    }

    private static boolean isDefinition(Operation operation) {
        String name = operation.getClass().getSimpleName();
        return !name.contains("TableAS")
                && (operation instanceof CreateOperation
                        || operation instanceof AlterOperation
                        || operation instanceof DropOperation
                        || operation instanceof UseOperation
                        || operation instanceof LoadModuleOperation
                        || operation instanceof UnloadModuleOperation);
    }

    private static boolean isQuestion(Operation operation) {
        return operation instanceof ShowOperation
                || operation instanceof DescribeTableOperation
                || operation instanceof ExplainOperation;
    }

    private static String refused(Statements.Statement statement, Operation operation) {
        if (statement.begins("SELECT") || statement.begins("WITH") || statement.begins("VALUES")) {
            return "Nobody would see what this selects. Write it into a table: INSERT INTO … SELECT ….";
        }
        if (statement.begins("ADD")) {
            return "Jars belong into the field More jars, so that the revision keeps their bytes.";
        }
        if (operation.getClass().getSimpleName().contains("TableAS")) {
            return "This would be a job of its own, and a cluster runs exactly one. Write CREATE TABLE and INSERT INTO.";
        }
        return "A script defines (SET, CREATE, ALTER, DROP, USE, LOAD, UNLOAD) and inserts (INSERT); this it does not run.";
    }
}
