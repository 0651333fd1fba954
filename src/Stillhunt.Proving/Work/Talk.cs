using Stillhunt.Proving.Chance;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Work;

/// <summary>What a person (or an app for a person) sends, turn after turn.</summary>
internal abstract class Talk
{
    /// <summary>Writes the next request and its answer's length; true where the conversation may go on.</summary>
    public abstract bool Compose(Simulation simulation, Draft draft, Dice dice);
}
